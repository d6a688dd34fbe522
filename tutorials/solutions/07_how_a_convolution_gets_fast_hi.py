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
# हर अक्ष पर 20 - 5 + 1 = 16 पड़ाव, हर पड़ाव पर 8 फ़िल्टर, हर एक के 5 x 5 x 3 गुणनफल: 153600.

# %%
answer_1 = 16 * 16 * 8 * 5 * 5 * 3

# %% [markdown]
# 28 / 4 = 7, यानी 7 x 7 टाइलें, हर एक में 36 गुणा: परिभाषा का एक-चौथाई।

# %%
answer_2 = (28 * 28 * 9, 7 * 7 * 36)

# %% [markdown]
# 80 % घटकर 20 % रह गया, बाकी 20 % वैसा ही है: 100 % का 40 %. आगे चलकर बाकी हिस्सा ही भारी पड़ता है।

# %%
answer_3 = 1 / (0.2 + 0.2)

# %% [markdown]
# मेमोरी 10 अरब बाइट लाती है, हर एक पर 2 MACs: 20. चरम गति 50 तक वह पहुँच ही नहीं सकता।

# %%
answer_4 = 20

# %% [markdown]
# तीन फेरे, हर एक में एक भार: जैसे NumPy वाले प्रोग्राम में।

# %%
numbers, weights = np.array([4, 0, 2, 7, 1, 1, 3, 5, 9, 6]), [1, -2, 1]
answer_5 = numbers[0:8] * weights[0] + numbers[1:9] * weights[1] + numbers[2:10] * weights[2]
