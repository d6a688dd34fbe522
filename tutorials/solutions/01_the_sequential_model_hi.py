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
# 6 x 5 + 5 = 35, फिर 5 x 2 + 2 = 12.

# %%
answer_1 = 35 + 12

# %% [markdown]
# हर परत में दो: भारों का और बायसों का।

# %%
answer_2 = 4

# %% [markdown]
# पंक्तियाँ वही रहती हैं, आख़िरी परत में 2 यूनिटें हैं।

# %%
answer_3 = (10, 2)

# %% [markdown]
# मॉडल Input से शुरू हुआ, इसलिए पंक्तियों की गिनती खुली है।

# %%
answer_4 = (None, 2)

# %% [markdown]
# यूनिटें u हों तो 8u + u + 3u + 3 = 63, यानी 12u = 60.

# %%
answer_5 = keras.Sequential([keras.Input(shape=(8,)), layers.Dense(5), layers.Dense(3)])
