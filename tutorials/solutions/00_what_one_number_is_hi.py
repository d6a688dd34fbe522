# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# 3 x 2 + 4 x (-1) + 2 x 0.5 = 3, और बायस 1 जोड़ देता है।

# %%
answer_1 = 3 * 2 + 4 * -1 + 2 * 0.5 + 1

# %% [markdown]
# खिड़की की पहली पंक्ति 0, 1, 2 या 3 हो सकती है: 8 - 5 + 1 = 4.

# %%
answer_2 = (4, 4)

# %% [markdown]
# खिड़की का दायाँ स्तंभ, उसमें से बायाँ स्तंभ घटाकर: (8 + 8 + 8) - (0 + 0 + 0).

# %%
answer_3 = (8 + 8 + 8) - (0 + 0 + 0)

# %% [markdown]
# सिर्फ़ ऋणात्मक संख्या बदलती है।

# %%
answer_4 = [0, 0, 4]

# %% [markdown]
# ग्रेडिएंट लगभग -16 है, इसलिए भार 0.05 x 16 = 0.8 बढ़ता है: पिछली बार से आधा।

# %%
answer_5 = 1 - 0.05 * -16
