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
# # 6. ट्रांसफ़र: सीखे हुए को आगे ले जाना
#
# In English: [06_transfer](06_transfer.ipynb). Keras की गाइड
# [The Sequential model](https://keras.io/guides/sequential_model/) के आधार पर, लेखक François Chollet (कोड: Apache 2.0, लेख: CC BY 4.0)।
#
# **आप क्या करेंगे:** 0 से 9 पढ़ने वाले मॉडल की कनवल्शन परतें रखेंगे, और उसे ० से ९ पढ़ना सिखाएँगे।
#
# **आप क्या सीखेंगे:** गाइड के दो नमूने, उनसे फ़ायदा हुआ या नहीं यह कैसे जाँचें, और दस सीड क्या बता सकते हैं जो एक नहीं बता सकता।
#
# **क्या चाहिए:** पाठ 0 से [5](05_training_hi.ipynb) तक, और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** आख़िरी परत छोड़कर सब 6, आधार मॉडल 10, नियंत्रण 9, दस सीड 7, फ़ाइन-ट्यूनिंग 4, अभ्यास 9.

# %%
import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.applications import DigitNet
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## आख़िरी परत छोड़कर सब (6 मिनट)
#
# **ट्रांसफ़र लर्निंग** (transfer learning) में एक काम पर सीखी हुई बात दूसरे काम में लगाई जाती है। गाइड का पहला ढाँचा: पहले से
# प्रशिक्षित भार लोड कीजिए, आख़िरी परत छोड़कर सब परतें फ़्रीज़ कीजिए, और सिर्फ़ आख़िरी परत को प्रशिक्षित कीजिए।
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
# यह सिर्फ़ ख़ाका है: `...` की जगह आप अपना कोड लिखेंगे। और Keras 3 `shape=(784)` नहीं लेता, क्योंकि `(784)` एक संख्या है; आकृति
# `(784,)` है। फ़्रीज़ करने के बाद प्रशिक्षण के लिए क्या बचता है:

# %%
lesson.predict("784 संख्याएँ, 32 यूनिटों की तीन परतें, 10 की एक। आख़िरी छोड़कर सब फ़्रीज़ हैं। कितने पैरामीटर बदल सकते हैं?")
model = keras.Sequential([keras.Input(shape=(784,)), layers.Dense(32, activation="relu"), layers.Dense(32, activation="relu")])
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dense(10))
for layer in model.layers[:-1]:
    layer.trainable = False
lesson.compare(sum(weight.size for weight in model.trainable_weights))

# %% [markdown]
# *compile से पहले* फ़्रीज़ कीजिए: क्या प्रशिक्षित होगा, यह वहीं तय होता है।
#
# ## आधार मॉडल (10 मिनट)
#
# दूसरे नमूने में ऐसा मॉडल लिया जाता है जो **पहले से प्रशिक्षित** (pretrained) हो। उसकी आख़िरी परतें हटाकर बाकी हिस्सा नए मॉडल के भीतर
# रखा जाता है: वह **आधार मॉडल** (base model) है। उसके ऊपर नई परतें आती हैं।
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
# Xception के भार 84 MB का डाउनलोड हैं। हमारा आधार `DigitNet` है, जो tinyseq के भीतर ही है: इसने हाथ से लिखे हज़ारों अंकों से 0 से 9
# पढ़ना सीखा है। नया काम: देवनागरी अंक। इन्हें एक प्रोग्राम ने फ़ॉन्टों से बनाया है। दो फ़ॉन्ट-परिवारों के 600 अंकों पर प्रशिक्षण होगा,
# तीसरे परिवार पर जाँच, और परीक्षा ऐसे परिवार पर जो हाथ की लिखावट की नकल करता है:

# %%
(x, y), (x_test, y_test) = datasets.devanagari.load_data()
x, x_test = x.reshape(900, 28, 28, 1), x_test.reshape(600, 28, 28, 1)
x_train, y_train, watch = x[:600], y[:600], (x[600:], y[600:])
lesson.show(plotting.pictures([x[154], x_test[4], x[159], x_test[9]], ["४, प्रशिक्षण", "४, परीक्षा", "९, प्रशिक्षण", "९, परीक्षा"], language=lesson.language))


# %%
def trained(base, rate, epochs):
    model = keras.Sequential([base, layers.Flatten(), layers.Dense(10, activation="softmax")])
    adam = keras.optimizers.Adam(learning_rate=rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=epochs, validation_data=watch, verbose=0)
    return model


base_model = DigitNet(weights="mnist", include_top=False)
base_model.trainable = False
lesson.predict("आधार एक चित्र से 3 x 3 x 128 संख्याएँ बनाता है। परीक्षा के अंकों में से कितना हिस्सा सही पढ़ा जाएगा?")
model = trained(base_model, rate=0.003, epochs=10)
lesson.measured("पहले से प्रशिक्षित आधार, फ़्रीज़", model.evaluate(x_test, y_test, verbose=0)[1], 0.83, 0.92)

# %%
lesson.show(plotting.mistakes(x_test.reshape(600, 28, 28), y_test, model.predict(x_test, verbose=0), limit=6, language=lesson.language))

# %% [markdown]
# यह तेज़ भी था: फ़्रीज़ किया हुआ आधार हर epoch में वही संख्याएँ देता है, इसलिए `fit` उन्हें एक ही बार निकालता है।
#
# ## नियंत्रण (9 मिनट)
#
# क्या यह अच्छा है? हो सकता है कि कैसी भी कनवल्शन परतें काफ़ी हों, या DigitNet के बिना भी 600 अंक काफ़ी हों। हो सकता है कि DigitNet इन्हें
# पहले से पढ़ लेता हो। **नियंत्रण** (control) वह प्रयोग है जिसमें सिर्फ़ एक चीज़ बदली गई हो; वह दिखाता है कि उसी एक चीज़ से क्या होता है।
# पहला तरीका: हम सीधे DigitNet से पूछते हैं।

# %%
lesson.predict("DigitNet ने देवनागरी अंक कभी नहीं देखे। इनमें से कितना हिस्सा वह सही पढ़ेगा?")
answers = DigitNet(weights="mnist").predict(x_test, verbose=0)
lesson.compare(round(float((answers.argmax(axis=1) == y_test).mean()), 3))

# %% [markdown]
# आँख मूँदकर चुनने से ज़्यादा: ०, २ और ३ देखने में 0, 2 और 3 जैसे हैं। फिर वही परतें, पर भार यादृच्छिक और फ़्रीज़; और फिर भार यादृच्छिक, पर सब परतें
# प्रशिक्षित, यानी **शुरू से** (from scratch):

# %%
lesson.predict("दोनों नियंत्रणों में से कौन सा बेहतर होगा, और क्या कोई पहले से प्रशिक्षित आधार की बराबरी करेगा?")
for name, free, rate, low, high in (("यादृच्छिक आधार, फ़्रीज़", False, 0.003, 0.56, 0.7), ("शुरू से", True, 0.003, 0.69, 0.8)):
    base = DigitNet(weights=None, include_top=False)
    base.trainable = free
    lesson.measured(name, trained(base, rate=rate, epochs=10).evaluate(x_test, y_test, verbose=0)[1], low, high)

# %% [markdown]
# ## दस सीड (7 मिनट)
#
# एक बार का नतीजा सिर्फ़ एक किस्सा है। इसलिए एक स्क्रिप्ट ने यह दस बार किया, हर बार दूसरे 300 चित्र और दूसरी यादृच्छिक संख्याएँ लेकर, और
# सबके साथ एक जैसा बर्ताव किया: हर एक को सीखने की पाँच दरें और 25 epoch मिले; *जाँच डेटा* पर जो दर और जो epoch सबसे अच्छा निकला, वही रखा गया, और
# परीक्षा सिर्फ़ उसी की हुई। हर पट्टी पर एक रेखा है, **95 % अंतराल** (interval): दसों प्रयोग बार-बार दोहराइए, तो ऐसी 100 में से 95 रेखाओं के
# भीतर सच्चा औसत होगा। स्क्रिप्ट ने जो दर्ज किया:

# %%
pretrained = [0.8767, 0.8117, 0.7183, 0.825, 0.8283, 0.8667, 0.855, 0.8667, 0.79, 0.855]
random_base = [0.6167, 0.6733, 0.69, 0.655, 0.6567, 0.6217, 0.6583, 0.6817, 0.6383, 0.7]
scratch = [0.6883, 0.575, 0.7133, 0.6617, 0.7217, 0.4633, 0.6967, 0.7517, 0.6817, 0.7367]
opened = [0.7883, 0.75, 0.7483, 0.6783, 0.805, 0.8217, 0.6383, 0.865, 0.735, 0.695]
arms = {"पहले से प्रशिक्षित, फ़्रीज़": pretrained, "यादृच्छिक, फ़्रीज़": random_base, "शुरू से": scratch, "पहले से प्रशिक्षित, सब खुला": opened}
lesson.show(plotting.runs(arms, "परीक्षा के 600 अंकों में से सही", language=lesson.language))
lesson.predict("हर जोड़ी में पहले से प्रशिक्षित वाला नतीजा घटा शुरू से वाला। दसों का औसत कितने प्रतिशत-अंक होगा?")
gain, low, high = plotting.interval([one - other for one, other in zip(pretrained, scratch)])
print(round(100 * gain), "प्रतिशत-अंक; 95 % अंतराल", round(100 * low), "से", round(100 * high))

# %% [markdown]
# बिंदु दिखाते हैं कि संयोग क्या करता है। बढ़त वाला अंतराल 0 से ऊपर है, यानी *इस काम के लिए* बढ़त संयोग नहीं है। अंक अंकों जैसे होते हैं; किसी
# बिलकुल अलग काम पर प्रशिक्षित आधार से कम फ़ायदा हो सकता है, या नुकसान भी।
#
# ## फ़ाइन-ट्यूनिंग (4 मिनट)
#
# नई परत प्रशिक्षित हो जाए, तो आधार को अनफ़्रीज़ करके, सीखने की बहुत कम दर से, प्रशिक्षण आगे बढ़ा सकते हैं: यही **फ़ाइन-ट्यूनिंग** (fine-tuning) है।
# compile फिर से कीजिए।

# %%
lesson.predict("DigitNet की कनवल्शन परतों में 92672 पैरामीटर हैं, नई परत में 11530. अब कितने बदल सकते हैं?")
base_model.trainable = True
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.0001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=3, validation_data=watch, verbose=0)
lesson.compare(sum(weight.size for weight in model.trainable_weights))
lesson.measured("फ़ाइन-ट्यूनिंग के बाद", model.evaluate(x_test, y_test, verbose=0)[1], 0.83, 0.92)

# %% [markdown]
# 600 अंकों से यहाँ थोड़ा ही फ़ायदा हो सकता है; होता है या नहीं, यह दस सीड ही बता सकते हैं।
#
# ## अभ्यास (9 मिनट)
#
# **1.** फ़्रीज़ किए हुए आधार में 50000 पैरामीटर हैं और वह 128 संख्याएँ देता है; उसके ऊपर `Dense(7)` है। कितने पैरामीटर बदल सकते हैं?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, 128 * 7 + 7)

# %% [markdown]
# **2.** चार सीड की सटीकताएँ, पहले से प्रशिक्षित आधार के साथ और शुरू से। औसत बढ़त कितनी है? 0 और 1 के बीच की संख्या लिखिए।

# %% tags=["exercise"]
first, second = [0.8, 0.7, 0.9, 0.8], [0.7, 0.75, 0.8, 0.65]
answer_2 = None

# %%
lesson.check(answer_2, sum(first) / 4 - sum(second) / 4)

# %% [markdown]
# **3.** इन चार जोड़ियों में से कितनी में नतीजा और ख़राब हुआ?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, sum(one < other for one, other in zip(first, second)))

# %% [markdown]
# **4.** जिस प्रयोग में आपके प्रयोग से सिर्फ़ एक चीज़ अलग हो, उसे क्या कहते हैं? शब्द अंग्रेज़ी में लिखिए।

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check_name(answer_4, "0fcd568a")

# %% [markdown]
# **5.** बनाइए: फ़्रीज़ किया हुआ `DigitNet(weights="mnist", include_top=False)`, `Flatten`, और 4 श्रेणियों पर softmax.

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 4), trainable=1152 * 4 + 4)

# %% [markdown]
# ## जाने से पहले
#
# 1. परतें फ़्रीज़ या अनफ़्रीज़ करने के बाद compile फिर से क्यों करना पड़ता है?
# 2. कौन सा नियंत्रण दिखाता है कि फ़ायदा *सीखे हुए* भारों से ही है?
# 3. किसी को पहले से प्रशिक्षित आधार से एक बार में 4 अंक ज़्यादा मिले। आप उससे क्या पूछेंगे?
#
# आगे: [07_how_a_convolution_gets_fast_hi](07_how_a_convolution_gets_fast_hi.ipynb)
