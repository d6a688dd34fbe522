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
# सबसे कम 0.46 है, यानी चौथी।

# %%
watched = [1.9, 0.8, 0.5, 0.46, 0.52, 0.61]
answer_1 = 4

# %% [markdown]
# उसने अपने उदाहरण रट लिए हैं।

# %%
answer_2 = "overfitting"

# %% [markdown]
# 382 में से 348 सही हैं।

# %%
answer_3 = 348 / 382

# %% [markdown]
# स्तंभ 0 और 2 में सिर्फ़ शून्य हैं।

# %%
outputs = np.array([[0, 2, 0, 0, 1], [0, 0, 0, 3, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 4]])
answer_4 = 2

# %% [markdown]
# 0.1 का लघुगणक, चिह्न बदलकर।

# %%
answer_5 = -np.log(0.1)
