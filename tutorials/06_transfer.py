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
# # 6. Transfer
#
# हिन्दी में: [06_transfer_hi](06_transfer_hi.ipynb). After the Keras guide
# [The Sequential model](https://keras.io/guides/sequential_model/) by François Chollet (code: Apache 2.0, text: CC BY 4.0).
#
# **What you'll do:** take a model that reads the digits 0 to 9, keep its convolutions, and teach it ० to ९.
#
# **What you'll learn:** the guide's two blueprints, how to find out whether they help, what ten seeds can tell and one cannot.
#
# **What you need:** lessons 0 to [5](05_training.ipynb), and this project, installed in its folder with
# `python -m pip install ".[tutorials]" jupyterlab`.
#
# **Minutes:** all but the last layer 6, a base model 10, controls 9, ten seeds 7, fine-tuning 4, exercises 9.

# %%
import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.applications import DigitNet
from tinyseq.classroom import Lesson

lesson = Lesson("en")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## All but the last layer (6 minutes)
#
# **Transfer learning** keeps what was learnt on one task and uses it for another. The guide's first blueprint: load weights that
# are trained already, freeze all layers but the last, and train that one.
#
# ```python
# model = keras.Sequential([
#     keras.Input(shape=(784)),
#     layers.Dense(32, activation='relu'),
#     layers.Dense(32, activation='relu'),
#     layers.Dense(32, activation='relu'),
#     layers.Dense(10),
# ])
#
# # Presumably you would want to first load pre-trained weights.
# model.load_weights(...)
#
# # Freeze all layers except the last one.
# for layer in model.layers[:-1]:
#   layer.trainable = False
#
# # Recompile and train (this will only update the weights of the last layer).
# model.compile(...)
# model.fit(...)
# ```
#
# It is a sketch: `...` stands for what is yours. And Keras 3 refuses `shape=(784)`, because `(784)` is a number; a shape is
# `(784,)`. What freezing leaves to train:

# %%
lesson.predict("784 numbers, three layers of 32 units, one of 10. All but the last are frozen. How many parameters can change?")
model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(32, activation="relu"), layers.Dense(32, activation="relu")])
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dense(10))
for layer in model.layers[:-1]:
    layer.trainable = False
lesson.compare(sum(weight.size for weight in model.trainable_weights))

# %% [markdown]
# Freeze *before* `compile`: what trains is decided there.
#
# ## A base model (10 minutes)
#
# The second blueprint takes a **pretrained** model, one that is trained already, leaves out its last layers, and puts the rest into a
# new model: that is the **base model**. New layers go on top.
#
# ```python
# # Load a convolutional base with pre-trained weights
# base_model = keras.applications.Xception(
#     weights='imagenet',
#     include_top=False,
#     pooling='avg')
#
# # Freeze the base model
# base_model.trainable = False
#
# # Use a Sequential model to add a trainable classifier on top
# model = keras.Sequential([
#     base_model,
#     layers.Dense(1000),
# ])
#
# # Compile & train
# model.compile(...)
# model.fit(...)
# ```
#
# Xception's weights are a download of 84 MB. Ours is `DigitNet`, which lies inside tinyseq: it learnt the digits 0 to 9 from
# thousands of handwritten ones. The new task: Devanagari digits. A program drew them from fonts. We train on 600 from two
# families of fonts, watch a third, and test on a family that imitates handwriting:

# %%
(x, y), (x_test, y_test) = datasets.devanagari.load_data()
x, x_test = x.reshape(900, 28, 28, 1), x_test.reshape(600, 28, 28, 1)
x_train, y_train, watch = x[:600], y[:600], (x[600:], y[600:])
lesson.show(plotting.pictures([x[154], x_test[4], x[159], x_test[9]], ["4, training", "4, test", "9, training", "9, test"], language=lesson.language))


# %%
def trained(base, rate, epochs):
    model = keras.Sequential([base, layers.Flatten(), layers.Dense(10, activation="softmax")])
    adam = keras.optimizers.Adam(learning_rate=rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=epochs, validation_data=watch, verbose=0)
    return model


base_model = DigitNet(weights="mnist", include_top=False)
base_model.trainable = False
lesson.predict("the base turns a picture into 3 x 3 x 128 numbers. What share of the test digits will be read rightly?")
model = trained(base_model, rate=0.003, epochs=10)
lesson.measured("pretrained base, frozen", model.evaluate(x_test, y_test, verbose=0)[1], 0.83, 0.92)

# %%
lesson.show(plotting.mistakes(x_test.reshape(600, 28, 28), y_test, model.predict(x_test, verbose=0), limit=6, language=lesson.language))

# %% [markdown]
# It was fast, too: a frozen base gives the same numbers in each epoch, so `fit` computes them once.
#
# ## Controls (9 minutes)
#
# Is that good? Perhaps any convolutions would do, or 600 digits are enough without DigitNet. Perhaps DigitNet reads them
# already. A **control** is a run that differs in one thing only, and so shows what that one thing does. First: we simply ask
# DigitNet itself.

# %%
lesson.predict("DigitNet has never seen a Devanagari digit. What share will it read rightly?")
answers = DigitNet(weights="mnist").predict(x_test, verbose=0)
lesson.compare(round(float((answers.argmax(axis=1) == y_test).mean()), 3))

# %% [markdown]
# More than blind guessing: ०, २ and ३ look like 0, 2 and 3. Then the same layers with random weights, frozen; and with random
# weights, all trained, that is, **from scratch**:

# %%
lesson.predict("which of the two controls will be better, and will one of them reach the pretrained base?")
for name, free, rate, low, high in (("random base, frozen", False, 0.003, 0.56, 0.7), ("from scratch", True, 0.003, 0.69, 0.8)):
    base = DigitNet(weights=None, include_top=False)
    base.trainable = free
    lesson.measured(name, trained(base, rate=rate, epochs=10).evaluate(x_test, y_test, verbose=0)[1], low, high)

# %% [markdown]
# ## Ten seeds (7 minutes)
#
# One run is an anecdote. So a script did it ten times, with other 300 pictures and other random numbers each time, and treated all
# alike: five learning rates and 25 epochs each; the best rate and epoch on the *validation* data were kept, and only these
# were tested. On each bar lies a line, the **95 % interval**: repeat all ten runs many times, and 95 of 100 such lines hold the
# true mean. What the script recorded:

# %%
pretrained = [0.8767, 0.8117, 0.7183, 0.825, 0.8283, 0.8667, 0.855, 0.8667, 0.79, 0.855]
random_base = [0.6167, 0.6733, 0.69, 0.655, 0.6567, 0.6217, 0.6583, 0.6817, 0.6383, 0.7]
scratch = [0.6883, 0.575, 0.7133, 0.6617, 0.7217, 0.4633, 0.6967, 0.7517, 0.6817, 0.7367]
opened = [0.7883, 0.75, 0.7483, 0.6783, 0.805, 0.8217, 0.6383, 0.865, 0.735, 0.695]
arms = {"pretrained, frozen": pretrained, "random, frozen": random_base, "from scratch": scratch, "pretrained, all trained": opened}
lesson.show(plotting.runs(arms, "right of 600 test digits", language=lesson.language))
lesson.predict("each run pretrained minus from scratch, in the same ten pairs. How many points is the mean?")
gain, low, high = plotting.interval([one - other for one, other in zip(pretrained, scratch)])
print(round(100 * gain), "points; 95 % interval from", round(100 * low), "to", round(100 * high))

# %% [markdown]
# The dots show what chance does. The interval of the gain lies above 0, so the gain is no accident, *for this task*. Digits
# resemble digits; a base trained on something quite different may help less, or harm.
#
# ## Fine-tuning (4 minutes)
#
# Once the new layer is trained, you may open the base and train on, with a much lower rate: **fine-tuning**. Compile again.

# %%
lesson.predict("DigitNet's convolutions have 92672 parameters, the new layer 11530. How many can change now?")
base_model.trainable = True
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.0001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=3, validation_data=watch, verbose=0)
lesson.compare(sum(weight.size for weight in model.trainable_weights))
lesson.measured("fine-tuned", model.evaluate(x_test, y_test, verbose=0)[1], 0.83, 0.92)

# %% [markdown]
# With 600 digits there is little to gain; whether there is, ten seeds must tell.
#
# ## Exercises (9 minutes)
#
# **1.** A frozen base of 50000 parameters gives 128 numbers; on it stands `Dense(7)`. How many parameters can change?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, 128 * 7 + 7)

# %% [markdown]
# **2.** Accuracies of four seeds, pretrained and from scratch. What is the mean gain? Write a number between 0 and 1.

# %% tags=["exercise"]
first, second = [0.8, 0.7, 0.9, 0.8], [0.7, 0.75, 0.8, 0.65]
answer_2 = None

# %%
lesson.check(answer_2, sum(first) / 4 - sum(second) / 4)

# %% [markdown]
# **3.** In how many of these four pairs was it a loss?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, sum(one < other for one, other in zip(first, second)))

# %% [markdown]
# **4.** What do you call a run that differs from yours in one thing only? Write the word (in English).

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check_name(answer_4, "0fcd568a")

# %% [markdown]
# **5.** Build: a frozen `DigitNet(weights="mnist", include_top=False)`, `Flatten`, and a softmax over 4 classes.

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 4), trainable=1152 * 4 + 4)

# %% [markdown]
# ## Before you leave
#
# 1. Why must you compile again after you freeze or open layers?
# 2. Which control shows that it is the *learnt* weights that help?
# 3. Somebody's one run with a pretrained base is 4 points better. What do you ask?
#
# Next: [07_how_a_convolution_gets_fast](07_how_a_convolution_gets_fast.ipynb)
