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
# 36 -> 34 -> 17 -> 15 -> 13 -> 6 -> 4: वह पूलिंग न हो तो आख़िरी खिड़की बैठ जाती है।

# %%
answer_1 = 4

# %% [markdown]
# Flatten 6 x 6 x 16 संख्याओं को एक पंक्ति में रखती है; फिर Dense हर चित्र का एक ही उत्तर देती है।

# %%
answer_2 = keras.Sequential(
    [
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(16, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)

# %% [markdown]
# *sparse* न हो तो आउटपुट की आकृति वही होती है जो लेबलों की।

# %%
labels = np.eye(3)[y_train[:25] % 3]
answer_3 = (25, 3)

# %% [markdown]
# एक यूनिट, दो श्रेणियाँ: sigmoid। एक यूनिट पर softmax हमेशा 1 ही कहता।

# %%
answer_4 = "sigmoid"

# %% [markdown]
# `np.argwhere` बताता है कि शर्त कहाँ-कहाँ सच है, पंक्ति पहले।

# %%
readings = np.random.default_rng(7).random((40, 64))
readings = np.where(readings > 0.9985, np.nan, readings)
answer_5 = np.argwhere(np.isnan(readings))[0, 0]
