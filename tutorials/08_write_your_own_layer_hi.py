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
# # 8. अपनी परत ख़ुद लिखिए
#
# In English: [08_write_your_own_layer](08_write_your_own_layer.ipynb)
#
# **आप क्या करेंगे:** ऐसी परत लिखेंगे जो Keras में नहीं है, आकृति से ग्रेडिएंट तक, और उसमें एक गलती पकड़ेंगे।
#
# **आप क्या सीखेंगे:** परत के चार हिस्से, ग्रेडिएंट उसमें से पीछे कैसे जाते हैं, और उन्हें कैसे जाँचा जाता है।
#
# **क्या चाहिए:** पाठ 0 से [5](05_training_hi.ipynb) तक, इस पाठ के साथ का फ़ोल्डर `own_layer`, Python की `class`, और यह प्रोजेक्ट; इसे इंस्टॉल
# करने के लिए इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** चार हिस्से 9, मॉडल में 5, ग्रेडिएंट 8, गलत ग्रेडिएंट 5, क्या सीख सकती है 5, shapecheck 4, अभ्यास 9.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## चार हिस्से (9 मिनट)
#
# हमारी परत एक **गेट** (gate) है। वह 2n संख्याएँ पढ़ती है और n देती है: पहला आधा गुणा दूसरा आधा, और हर गुणनफल एक भार से गुणा। एक आधा
# दूसरे का रास्ता खोलता या बंद करता है। (Shazeer 2020, "GLU variants improve transformer", इसे भाषा के मॉडलों में लगाते हैं।) इसके चार हिस्से:
#
# - `compute_output_shape`: कौन सी आकृति निकलेगी, और कौन सा इनपुट मना है।
# - `build`: आकृति पता होने पर कौन से भार बनेंगे।
# - **Forward**: इनपुट से आउटपुट।
# - **Backward**: आउटपुट के ग्रेडिएंट से बाकी ग्रेडिएंट। इस पर नीचे और बात होगी।
#
# `ctx` (context) वह चीज़ है जो tinyseq दोनों को देता है: भार, इनपुट, और वह जगह जहाँ भार का ग्रेडिएंट जोड़ा जाता है। `x[..., :half]` आख़िरी अक्ष का
# पहला आधा है, उससे पहले चाहे कितने भी अक्ष हों।


# %%
class Gate(layers.Layer):
    """(..., 2 x n) -> (..., n): पहला आधा गुणा दूसरा आधा, और हर गुणनफल का अपना एक सीखा हुआ factor."""

    def compute_output_shape(self, input_shape):
        if input_shape[-1] % 2 == 1:
            raise ValueError("Gate को सम संख्या में फ़ीचर चाहिए, मिले: " + str(input_shape[-1]))
        return (*input_shape[:-1], input_shape[-1] // 2)

    def build(self, input_shape):
        self.add_weight(name="factor", shape=(input_shape[-1] // 2,), initializer="ones")

    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] * x[..., half:]

    def backward(self, ctx, gradient):
        half = gradient.shape[-1]
        first, second = ctx.inputs[0][..., :half], ctx.inputs[0][..., half:]
        if ctx.gradient("factor") is not None:  # None: परत फ़्रीज़ है
            ctx.gradient("factor")[:] += (gradient * first * second).reshape(-1, half).sum(axis=0)
        slope = gradient * ctx.weight("factor")
        return np.concatenate([slope * second, slope * first], axis=-1)


lesson.predict("पंक्ति 1, 2, 3, 5 है; शुरू में दोनों factor 1 हैं। क्या निकलेगा?")
lesson.compare(Gate()(np.array([[1.0, 2.0, 3.0, 5.0]]))[0].tolist())

# %% [markdown]
# ## मॉडल में (5 मिनट)
#
# मॉडल के लिए यह बाकी परतों जैसी ही है: summary, `fit`, फ़्रीज़ करना और सहेजना, सब चलता है।

# %%
model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(32), Gate(), layers.Dense(10)])
lesson.predict("Dense(32) के बाद Gate: कौन सी आकृति निकलेगी, और उसमें कितने पैरामीटर हैं?")
model.summary()
lesson.show(plotting.shape_flow(model, language=lesson.language))

# %% [markdown]
# ## ग्रेडिएंट (8 मिनट)
#
# ग्रेडिएंट ढाल है: कोई संख्या ज़रा सी बढ़े, तो हानि कितनी बदलेगी (पाठ 0)? `gradient` हर आउटपुट के लिए यही बताता है। इनपुट के ग्रेडिएंट के लिए देखिए कि
# *आउटपुट* कितना बदलता है। एक गुणनफल, y = factor x first x second:

# %%
factor, first, second = 2.0, 3.0, 5.0
lesson.predict("y = 2 x 3 x 5 = 30. first 0.001 बढ़ता है। y कितना बढ़ेगा?")
lesson.compare(round(factor * (first + 0.001) * second - factor * first * second, 4))

# %% [markdown]
# 0.001 x factor x second जितना। यानी first की दिशा में y की ढाल factor x second है, और हानि की ढाल पाने के लिए उसे `gradient` से गुणा करते हैं।
# second के लिए वैसे ही: factor x first. और factor के लिए: first x second, पर सारी पंक्तियों का जोड़, क्योंकि factor सबका एक ही है। अब `backward`
# फिर से पढ़िए: वह यही तीन बातें हैं।
#
# `check_gradients` किसी की बात मान नहीं लेता। वह इनपुट और भारों को ज़रा-ज़रा खिसकाता है, देखता है कि आउटपुट कितना बदला (differences, यानी अंतर), और
# तुलना करता है:

# %%
sample = np.random.default_rng(2).normal(size=(5, 4))
lesson.predict("Gate का एक इनपुट और एक भार है। कितने ग्रेडिएंट की तुलना होगी?")
compared = keras.Sequential([keras.Input(shape=(4,)), Gate()]).check_gradients(sample)
lesson.compare(len(compared))
for one in compared:
    print(one.layer, one.what, "- मेल खाते हैं:", np.allclose(one.backward, one.difference, rtol=0.01))

# %% [markdown]
# ## गलत ग्रेडिएंट (5 मिनट)
#
# एक गलती जो आसानी से हो जाती है: दोनों आधे आपस में बदल गए।


# %%
class Swapped(Gate):
    def backward(self, ctx, gradient):
        right = Gate.backward(self, ctx, gradient)
        half = gradient.shape[-1]
        return np.concatenate([right[..., half:], right[..., :half]], axis=-1)


lesson.predict("आकृतियाँ सब सही हैं, इसलिए fit में कोई त्रुटि नहीं आएगी। check_gradients किस ग्रेडिएंट का नाम लेगा: input का या factor का?")
try:
    keras.Sequential([keras.Input(shape=(4,)), Swapped()]).check_gradients(sample)
except ValueError as error:
    print(error)

# %% [markdown]
# परत, जगह और दोनों संख्याएँ। आप जो भी backward लिखें, उसे जाँचिए।
#
# ## यह क्या सीख सकती है (5 मिनट)
#
# -1 और 1 के बीच की दो संख्याएँ: क्या दोनों के चिह्न एक जैसे हैं? यानी, क्या उनका गुणनफल 0 से ऊपर है? सघन परतें अकेले तो सिर्फ़ भारों से गुणा करती और जोड़ती हैं।


# %%
def accuracy(middle):
    model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(8), *middle, layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.03), loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x[:800], same[:800], epochs=20, verbose=0)
    return model, model.evaluate(x[800:], same[800:], verbose=0)[1]


x = np.random.default_rng(1).uniform(-1, 1, size=(1000, 2))
same = np.where(x[:, 0] * x[:, 1] > 0, 1, 0)
lesson.predict("आधी जोड़ियों के चिह्न एक जैसे हैं। Gate के बिना, Swapped के साथ और Gate के साथ कितनी सटीकता होगी?")
lesson.measured("Gate के बिना", accuracy([])[1], 0.35, 0.55)
lesson.measured("Swapped के साथ", accuracy([Swapped()])[1], 0.7, 1.0)
model, share = accuracy([Gate()])
lesson.measured("Gate के साथ", share, 0.94, 1.0)

# %% [markdown]
# Swapped भी कुछ सीख लेती है: कुछ सीड पर लगभग Gate जितनी अच्छी रहती है, कुछ पर 78 % पर ही रुक जाती है। इसीलिए गलत ग्रेडिएंट मुश्किल से दिखता है: कुछ टूटता नहीं।
# नीचे सारी जोड़ियों का वर्ग है; काला यानी "एक जैसे चिह्न" की संभावना 1. बाईं ओर सच है:

# %%
grid = np.linspace(-1, 1, 21)
pairs = np.array([[a, b] for b in grid for a in grid])
tables = [np.where(pairs[:, 0] * pairs[:, 1] > 0, 1, 0).reshape(21, 21), model.predict(pairs, verbose=0).reshape(21, 21)]
lesson.show(plotting.pictures(tables, ["सच", "Gate के साथ"], language=lesson.language))

# %% [markdown]
# ## shapecheck इसे पहचानता है (4 मिनट)
#
# `own_layer/gate_at_the_end.py` में यही class है, और 0 से 9 के अंकों के लिए यह स्टैक: Dense(32), Gate, Dense(10), Gate, softmax.

# %%
lesson.predict("अंत में क्या निकलेगा, और क्या वह लेबलों से मेल खाता है?")
lesson.report("own_layer/gate_at_the_end.py")

# %% [markdown]
# **SC313.** shapecheck ने `compute_output_shape` और `build` पढ़े, चलाए नहीं: तालिका में दोनों Gate की आकृति और पैरामीटर हैं, और दोनों सिद्ध (proved) हैं।
# (आपके `forward` के MACs वह नहीं गिनता: "?".) दूसरी Gate 10 से 5 बना देती है। सुझाव इसी Gate का नाम लेता है: 10 कैसे बनें, यह आप अभ्यास 4 में
# ढूँढेंगे।
#
# ## अभ्यास (9 मिनट)
#
# **1.** इनपुट (None, 12, 12, 10) हो, तो Gate से कौन सी आकृति निकलेगी?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, Gate().compute_output_shape((None, 12, 12, 10)))

# %% [markdown]
# **2.** `Conv2D(24, 3)` के बाद आने वाले Gate में कितने पैरामीटर होंगे?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, keras.Sequential([keras.Input(shape=(9, 9, 1)), layers.Conv2D(24, 3), Gate()]).layers[-1].count_params())

# %% [markdown]
# **3.** y = 4 x 2 x 3, और y का ग्रेडिएंट 5 है। first (2), second (3) और factor (4) के ग्रेडिएंट क्या हैं? तीन संख्याएँ लिखिए।

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, (5 * 4 * 3, 5 * 4 * 2, 5 * 2 * 3))

# %% [markdown]
# **4.** लेबल मेल खाएँ, इसके लिए `gate_at_the_end.py` की दूसरी Dense में कितनी यूनिटें होनी चाहिए?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, 2 * 10)

# %% [markdown]
# **5.** `Mix` जोड़ती है: factor x first + second. Gate वाले की जगह इसका अपना backward लिखिए, फिर उत्तर में `Mix` दीजिए, बिना कोष्ठक के।

# %% tags=["exercise"]
class Mix(Gate):
    def forward(self, ctx, x):
        half = x.shape[-1] // 2
        return ctx.weight("factor") * x[..., :half] + x[..., half:]


answer_5 = None

# %%
lesson.check_layer(answer_5, (4,))

# %% [markdown]
# ## जाने से पहले
#
# 1. परत के चार हिस्से कौन से हैं?
# 2. factor का ग्रेडिएंट सारी पंक्तियों पर क्यों जोड़ा जाता है?
# 3. गलत ग्रेडिएंट पर कोई त्रुटि नहीं आती। आप उसे कैसे पकड़ेंगे?
