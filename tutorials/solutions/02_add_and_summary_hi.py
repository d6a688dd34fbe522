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
# floor((64 - 5) / 2) + 1 = floor(29.5) + 1.

# %%
answer_1 = 29 + 1

# %% [markdown]
# floor((30 - 4) / 4) + 1 = floor(6.5) + 1.

# %%
answer_2 = 6 + 1

# %% [markdown]
# पहले वाले कनवल्शन में 6 फ़िल्टर हैं, इसलिए 6 चैनल आते हैं: 3 x 3 x 6 x 12 भार और 12 बायस।

# %%
answer_3 = 3 * 3 * 6 * 12 + 12

# %% [markdown]
# ceil(9 / 2) = 5 पड़ाव (5 - 1) x 2 + 5 = 13 पर ख़त्म होते हैं, और 13 - 9 = 4.

# %%
answer_4 = (5 - 1) * 2 + 5 - 9

# %% [markdown]
# पंक्तियाँ और स्तंभ खुले रहते हैं, इसलिए सघन परत से पहले एक global पूलिंग चाहिए।

# %%
answer_5 = keras.Sequential(
    [
        keras.Input(shape=(None, None, 3)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
        layers.Dense(4),
    ]
)
