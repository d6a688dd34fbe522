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
# उन्हीं inputs से आख़िरी परत के आउटपुट तक।

# %%
answer_1 = keras.Model(inputs=initial_model.inputs, outputs=initial_model.layers[-1].output)

# %% [markdown]
# 250 -> 123 -> 121 -> 119, 32 फ़िल्टर, और बैच में दो चित्र।

# %%
answer_2 = (2, 119, 119, 32)

# %% [markdown]
# पहले हर फ़िल्टर का सबसे छोटा भार, फिर उनमें सबसे छोटा।

# %%
answer_3 = before.min(axis=(0, 1, 2)).argmin()

# %% [markdown]
# पंक्तियों में 8 - 4 + 1 = 5 जगहें, स्तंभों में भी 5.

# %%
answer_4 = 5 * 5

# %% [markdown]
# चारों टुकड़ों में से हर एक की सबसे बड़ी संख्या।

# %%
answer_5 = [[5, 7], [9, 6]]
