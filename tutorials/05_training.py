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
# # 5. Training, and what goes wrong in it
#
# हिन्दी में: [05_training_hi](05_training_hi.ipynb)
#
# **What you'll do:** train on real handwriting, read its curves, choose a learning rate, look at every mistake.
#
# **What you'll learn:** when a model learns by heart, what a learning rate too high does, how far to trust a percentage.
#
# **What you need:** lessons 0 to [4](04_looking_inside.ipynb), and this project, installed in its folder with
# `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** three piles 5, curves 9, more data 4, learning rates 7, dead units 4, mistakes 6, exercises 9.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## Three piles (5 minutes)
#
# - **Training data**: the model takes its steps on these.
# - **Validation data**: it takes no step on these. After every epoch we measure the loss on them, and choose by it.
# - **Test data**: used once, at the end. Whoever chooses by them has no honest measure left.
#
# The digits come from 14 forms that 13 people filled in. Each pile below has its own forms, so it tests with other handwriting
# (one person wrote two, it is not recorded who). **Accuracy** is the share of right answers.

# %%
(x_all, y_all), (x_test, y_test) = datasets.digits.load_data()
x_all, x_test = x_all.reshape(1415, 64) / 16, x_test.reshape(382, 64) / 16
x_train, y_train, watch = x_all[:1029], y_all[:1029], (x_all[1029:], y_all[1029:])
print(len(x_train), "to train,", len(watch[0]), "to watch,", len(x_test), "to test")


def trained(pictures, labels, rate, epochs, units):
    model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(units, activation="relu"), layers.Dense(10, activation="softmax")])
    adam = keras.optimizers.Adam(learning_rate=rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(pictures, labels, epochs=epochs, validation_data=watch, verbose=0).history


# %% [markdown]
# ## Curves (9 minutes)
#
# First only 200 training digits, for a model of 128 units: many parameters, little to learn from.

# %%
lesson.predict("both losses fall at first. What will the validation loss do later?")
model, few = trained(x_train[:200], y_train[:200], rate=0.01, epochs=120, units=128)
lesson.show(plotting.training_curves(few, language=lesson.language))

# %% [markdown]
# The training loss falls to almost nothing. The validation loss is lowest at the ring; from there on it rises.

# %%
best = int(np.argmin(few["val_loss"]))
lesson.measured("epoch of the lowest validation loss", best + 1, 7, 40)
lesson.measured("validation loss, last / lowest", few["val_loss"][-1] / few["val_loss"][best], 1.08, 1.8)
lesson.measured("training loss at the end", few["loss"][-1], 0.0, 0.01)

# %% [markdown]
# Behind the ring every epoch makes the model better on what it has seen, and worse on what it has not: it learns by heart.
# That is **overfitting**. Note the criterion. The two curves part much earlier; that alone is no harm, a model is always a
# little better on what it has seen. Harm begins where the *validation* loss rises. Stop there.
#
# ## More data (4 minutes)

# %%
lesson.predict("1029 training digits instead of 200, the same model. How much of the validation data will it get right?")
model, many = trained(x_train, y_train, rate=0.01, epochs=15, units=128)
lesson.measured("200 digits, validation accuracy", few["val_accuracy"][-1], 0.87, 0.93)
lesson.measured("1029 digits, validation accuracy", many["val_accuracy"][-1], 0.93, 0.98)

# %% [markdown]
# Nothing helps against overfitting as much as more, and more varied, examples.
#
# ## The learning rate (7 minutes)
#
# Too small: it crawls. Too large: it jumps over the valley, and lands higher than it was.

# %%
lesson.predict("rates of 0.0001, 0.01 and 1, ten epochs each. Which is best, and how bad is the worst?")
models = []
for rate, low, high in ((0.0001, 0.2, 0.45), (0.01, 0.94, 0.98), (1.0, 0.07, 0.25)):
    model, history = trained(x_train, y_train, rate=rate, epochs=10, units=32)
    models.append(model)
    lesson.measured("rate " + str(rate) + ", validation accuracy", history["val_accuracy"][-1], low, high)

# %% [markdown]
# Blind guessing among ten classes gets about 10 % right. Symptoms of a rate too high: the loss of the first epoch is huge, it
# jumps, or it becomes NaN. Then divide the rate by ten. It crawls? Multiply by three.
#
# ## Dead units (4 minutes)
#
# A relu unit that gives 0 for *every* picture is **dead**: its gradient is 0 too, so no step moves its weights any more. A
# huge step can kill many at once:

# %%
lesson.predict("32 units. How many are dead after training with rate 0.01, and how many with rate 1?")
for model, low, high in ((models[1], 1, 14), (models[2], 28, 32)):
    look = keras.Model(inputs=model.inputs, outputs=model.layers[0].output)
    lesson.measured("dead units", int((look(x_train).max(axis=0) == 0).sum()), low, high)

# %% [markdown]
# ## The page of mistakes (6 minutes)
#
# Now, once, the test data, with the model of rate 0.01.

# %%
lesson.predict("it got most validation digits right. What share of the test digits, written on other forms?")
model = models[1]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
lesson.measured("right on the test digits", accuracy, 0.86, 0.93)
lesson.show(plotting.mistakes(x_test.reshape(382, 8, 8), y_test, model.predict(x_test, verbose=0), limit=12, language=lesson.language))

# %% [markdown]
# Fewer than of the validation digits, though it trained on neither: how good a model is depends on whose handwriting it meets.
# With 382 digits one digit is a quarter of a per cent, and another seed moves the result by many digits. Look at the page: would you have read them rightly? Which ones are the same mistake? Such digits
# belong into the next training data.
#
# ## Exercises (9 minutes)
#
# **1.** The validation losses of six epochs. After which epoch should training have stopped? Count from 1.

# %% tags=["exercise"]
watched = [1.9, 0.8, 0.5, 0.46, 0.52, 0.61]
answer_1 = None

# %%
lesson.check(answer_1, int(np.argmin(watched)) + 1)

# %% [markdown]
# **2.** Training accuracy 100 %, validation accuracy 60 %. What is this called? Write the word (in English).

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check_name(answer_2, "a1f32f57")

# %% [markdown]
# **3.** 34 mistakes on 382 digits. What is the accuracy? Write a number between 0 and 1.

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, 1 - 34 / 382)

# %% [markdown]
# **4.** A row for each of four pictures, a column for each of five relu units. How many units are dead?

# %% tags=["exercise"]
outputs = np.array([[0, 2, 0, 0, 1], [0, 0, 0, 3, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 4]])
answer_4 = None

# %%
lesson.check(answer_4, (outputs.max(axis=0) == 0).sum())

# %% [markdown]
# **5.** A model that has learnt nothing gives each of ten classes the probability 0.1. What is its loss? (Lesson 0.) If your
# loss stays there, nothing is being learnt.

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, -np.log(0.1))

# %% [markdown]
# ## Before you leave
#
# 1. Where does overfitting begin, read off the curves?
# 2. Why are the test data used only once?
# 3. The loss of your first epoch is 40. What do you change first?
