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
# सिर्फ़ नई परत: 7 यूनिटों में से हर एक के 128 भार, और 7 बायस। आधार कितना भी बड़ा हो।

# %%
answer_1 = 128 * 7 + 7

# %% [markdown]
# औसत 0.8 और 0.725 हैं।

# %%
first, second = [0.8, 0.7, 0.9, 0.8], [0.7, 0.75, 0.8, 0.65]
answer_2 = 0.8 - 0.725

# %% [markdown]
# दूसरी में: 0.75 के सामने 0.7. जिसने सिर्फ़ वही प्रयोग किया होता, वह उलटी बात कहता।

# %%
answer_3 = 1

# %% [markdown]
# इसके बिना पता नहीं चलता कि असर किस बदलाव का था।

# %%
answer_4 = "control"

# %% [markdown]
# आधार 3 x 3 x 128 = 1152 संख्याएँ देता है, इसलिए 1152 x 4 + 4 पैरामीटर बदल सकते हैं।

# %%
base = DigitNet(weights="mnist", include_top=False)
base.trainable = False
answer_5 = keras.Sequential([base, layers.Flatten(), layers.Dense(4, activation="softmax")])
