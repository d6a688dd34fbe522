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
# # 4. अंदर झाँकिए
#
# In English: [04_looking_inside](04_looking_inside.ipynb). यह पाठ François Chollet की Keras गाइड
# [The Sequential model](https://keras.io/guides/sequential_model/) पर आधारित है (कोड: Apache 2.0, लेख: CC BY 4.0), शब्द
# हमारे हैं।
#
# **आप क्या करेंगे:** मॉडल के बीच की संख्याएँ निकालेंगे, प्रशिक्षण से पहले और बाद के फ़िल्टर मिलाएँगे, अंक के हिस्से ढकेंगे।
#
# **आप क्या सीखेंगे:** प्रशिक्षण क्या बदलता है, उत्तर किन पिक्सेलों पर टिका है, और पूलिंग क्या फेंक देती है।
#
# **क्या चाहिए:** पाठ 0 से [3](03_the_clinic_hi.ipynb) तक, और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** सब परतों के आउटपुट 8, एक परत 4, प्रशिक्षण से पहले और बाद 9, ढकना 7, पूलिंग 6, अभ्यास 10.

# %%
import numpy as np
import numpy as tf

import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## सब परतों के आउटपुट (8 मिनट)
#
# मॉडल बन चुका हो, तो उसके `inputs` होते हैं, और हर परत का एक `output`: ये अभी संख्याएँ नहीं, बल्कि वे जगहें हैं जहाँ संख्याएँ आएँगी।
# `keras.Model(inputs, outputs)` दी हुई जगहों से दूसरी जगहों तक का मॉडल बनाता है; हिसाब वही परतें करती हैं, उन्हीं भारों से। जिस मॉडल
# के आउटपुट किसी दूसरे मॉडल के अंदर से लिए गए हों, उसे **फ़ीचर एक्सट्रैक्टर** (feature extractor) कहते हैं।

# %%
lesson.predict("250 -> कदम 2 वाला 5 x 5 -> 3 x 3 -> 3 x 3, हर एक में 32 फ़िल्टर। कौन सी तीन आकृतियाँ निकलेंगी?")
initial_model = keras.Sequential(
    [
        keras.Input(shape=(250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
    ]
)
feature_extractor = keras.Model(
    inputs=initial_model.inputs,
    outputs=[layer.output for layer in initial_model.layers],
)

# Call feature extractor on test input.
x = tf.ones((1, 250, 250, 3))
features = feature_extractor(x)
lesson.compare([feature.shape for feature in features])

# %% [markdown]
# सिर्फ़ 1 से भरा चित्र नीरस है। उसकी जगह एक फ़ोटो लेते हैं। भार अब भी यादृच्छिक हैं; अभी कुछ सीखा नहीं गया:

# %%
photograph = datasets.photographs.astronaut()
lesson.show(plotting.feature_maps(feature_extractor(photograph.reshape(1, 250, 250, 3) / 255), image=photograph, maps=5, language=lesson.language))

# %% [markdown]
# ## एक परत का आउटपुट (4 मिनट)
#
# `get_layer` परत को उसके नाम से ढूँढता है, और सिर्फ़ उसी का आउटपुट निकलता है:

# %%
lesson.predict("my_intermediate_layer के आउटपुट की आकृति क्या होगी?")
initial_model = keras.Sequential(
    [
        keras.Input(shape=(250, 250, 3)),
        layers.Conv2D(32, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu", name="my_intermediate_layer"),
        layers.Conv2D(32, 3, activation="relu"),
    ]
)
feature_extractor = keras.Model(
    inputs=initial_model.inputs,
    outputs=initial_model.get_layer(name="my_intermediate_layer").output,
)
# Call feature extractor on test input.
x = tf.ones((1, 250, 250, 3))
features = feature_extractor(x)
lesson.compare(features.shape)

# %% [markdown]
# Keras 3 इन दोनों को ऐसे ही चलाता है।
#
# ## प्रशिक्षण से पहले और बाद (9 मिनट)
#
# हमारे अंकों के लिए एक छोटा मॉडल। हम प्रशिक्षण से पहले उसके आठों फ़िल्टर सँभालकर रख लेते हैं, उसे प्रशिक्षित करते हैं, और दोनों को
# साथ-साथ रखते हैं। सब *एक ही* पैमाने पर बने हैं, नहीं तो उनकी तुलना नहीं हो सकती। प्रशिक्षण का नतीजा कुछ संयोग पर भी निर्भर
# है: हर संख्या के आगे लिखा है कि दूसरे **सीड** (seed), यानी यादृच्छिक संख्याओं की दूसरी शुरुआत, लेने पर क्या निकला।

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train, x_test = x_train.reshape(1415, 8, 8, 1) / 16, x_test.reshape(382, 8, 8, 1) / 16
model = keras.Sequential([keras.Input(shape=(8, 8, 1)), layers.Conv2D(8, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten()])
model.add(layers.Dense(10, activation="softmax"))
look = keras.Model(inputs=model.inputs, outputs=model.layers[0].output)
before, maps_before = model.get_weights()[0], look(x_test[:1])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
lesson.predict("प्रशिक्षण के बाद फ़िल्टरों के भार बड़े होंगे या छोटे?")
model.fit(x_train, y_train, epochs=30, verbose=0)
after, maps_after = model.get_weights()[0], look(x_test[:1])

# %%
lesson.show(plotting.filters(np.concatenate([before, after], axis=3), language=lesson.language))
lesson.measured("भार औसतन कितने बड़े हैं, बाद / पहले", np.abs(after).mean() / np.abs(before).mean(), 2.9, 4.0)

# %% [markdown]
# फ़िल्टर 0 से 7 यादृच्छिक हैं, 8 से 15 वही हैं, पर प्रशिक्षण के बाद: उनका काला और सफ़ेद ज़्यादा गाढ़ा है; कइयों में एक ओर गहरा है और
# दूसरी ओर उजला, जैसे पाठ 0 के किनारे वाले फ़िल्टर में। और एक अंक से वे यह बनाते हैं:

# %%
lesson.show(plotting.feature_maps([maps_before, maps_after], image=x_test[0, :, :, 0], names=["पहले", "बाद में"], scale="shared", language=lesson.language))
lesson.measured("फ़ीचर मैपों का सबसे बड़ा मान, बाद / पहले", maps_after.max() / maps_before.max(), 2.5, 7.0)

# %% [markdown]
# ## एक हिस्सा ढक दीजिए (7 मिनट)
#
# उत्तर किन पिक्सेलों पर टिका है? 3 x 3 पिक्सेल ढकिए, मॉडल से पूछिए, और सही श्रेणी की संभावना लिख लीजिए; फिर ढका हुआ हिस्सा आगे खिसकाइए। इसे
# **ऑक्लूज़न** (occlusion) कहते हैं। जहाँ ढकने से संभावना गिर जाती है, उत्तर वहीं टिका था।

# %%
lesson.predict("यह अंक 3 है। इसका कौन सा हिस्सा नहीं ढकना चाहिए?")
digit = x_test[3:4]
chances = np.zeros((6, 6))
for row in range(6):
    for column in range(6):
        covered = digit.copy()
        covered[0, row : row + 3, column : column + 3] = 0
        chances[row, column] = model.predict(covered, verbose=0)[0, y_test[3]]
lesson.measured("3 की संभावना, कुछ ढके बिना", model.predict(digit, verbose=0)[0, y_test[3]], 0.9, 1.0)
lesson.measured("3 की संभावना, सबसे बुरी जगह ढकने पर", chances.min(), 0.0, 0.06)
lesson.show(plotting.pictures([digit, 1 - chances], ["अंक", "गहरा: इसे न ढकें"], language=lesson.language))

# %% [markdown]
# नौ पिक्सेल फ़ैसला कर देते हैं। (पंक्ति 0, स्तंभ 0 का खाना उस ढक्कन का है जो पंक्ति 0 से 2 और स्तंभ 0 से 2 पर था।)
#
# ## पूलिंग क्या फेंक देती है (6 मिनट)
#
# दो चित्र: एक अंक, और वही अंक जिसमें 2 x 2 पिक्सेल का हर टुकड़ा घुमा दिया गया है।

# %%
turned = digit.reshape(4, 2, 4, 2)[:, ::-1, :, ::-1].reshape(8, 8)
pool = layers.MaxPooling2D(2)
pooled = [pool(digit), pool(turned.reshape(1, 8, 8, 1))]
lesson.predict("चित्रों के बहुत-से पिक्सेल अलग हैं। मैक्स पूलिंग के बाद कितने अलग होंगे?")
lesson.compare([(digit[0, :, :, 0] != turned).sum(), (pooled[0] != pooled[1]).sum()])
lesson.show(plotting.pictures([digit, turned, *pooled], ["अंक", "घुमाया हुआ", "पूलिंग के बाद", "पूलिंग के बाद"], language=lesson.language))

# %% [markdown]
# पूलिंग से पहले इतने पिक्सेल अलग हैं, बाद में एक भी नहीं। पूलिंग यह बचाती है कि टुकड़े का सबसे गहरा पिक्सेल कितना गहरा है, और यह फेंक देती है कि
# टुकड़े में वह *कहाँ* था। इससे चित्र के एक पिक्सेल खिसकने का अगली परत पर कम असर पड़ता है, पर वह परत इस खिसकने को देख भी नहीं पाती।
#
# ## अभ्यास (10 मिनट)
#
# **1.** `initial_model` की *आख़िरी* परत के लिए फ़ीचर एक्सट्रैक्टर बनाइए।

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check_model(answer_1, initial_model.output_shape)

# %% [markdown]
# **2.** दो फ़ोटो का बैच दें, तो उसके आउटपुट की आकृति क्या होगी?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, initial_model(np.ones((2, 250, 250, 3))).shape)

# %% [markdown]
# **3.** आठ यादृच्छिक फ़िल्टरों में से किसमें सबसे छोटा (शून्य से सबसे नीचे का) भार है? सबसे काला खाना ढूँढिए और लिखिए कि वह किस नंबर के फ़िल्टर में है।

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, before.min(axis=(0, 1, 2)).argmin())

# %% [markdown]
# **4.** 4 x 4 पिक्सेल का ढक्कन 8 x 8 के अंक पर एक-एक पिक्सेल खिसकता है। कितनी संभावनाएँ मिलेंगी?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, layers.Conv2D(1, 4)(x_test[:1]).size)

# %% [markdown]
# **5.** इस चित्र पर काग़ज़ पर पूलिंग कीजिए, 2 x 2 की खिड़कियों से। पंक्तियों की सूची लिखिए, जैसे `[[1, 2], [3, 4]]`।
#
#     1 5 2 0
#     3 4 7 1
#     0 0 6 2
#     9 1 3 3

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, pool(np.array([[1, 5, 2, 0], [3, 4, 7, 1], [0, 0, 6, 2], [9, 1, 3, 3]]).reshape(1, 4, 4, 1))[0, :, :, 0])

# %% [markdown]
# ## जाने से पहले
#
# 1. क्या फ़ीचर एक्सट्रैक्टर के अपने भार होते हैं?
# 2. फ़िल्टरों की तुलना करने से पहले उन्हें एक ही पैमाने पर क्यों बनाना चाहिए?
# 3. मैक्स पूलिंग टुकड़े में से क्या बचाती है, और क्या फेंक देती है?
#
# आगे: [05_training_hi](05_training_hi.ipynb)
