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
# # 1. Sequential मॉडल
#
# In English: [01_the_sequential_model](01_the_sequential_model.ipynb). यह पाठ François Chollet की Keras गाइड
# [The Sequential model](https://keras.io/guides/sequential_model/) पर आधारित है (कोड: Apache 2.0, लेख: CC BY 4.0), शब्द
# हमारे हैं।
#
# **आप क्या करेंगे:** परतों को एक के बाद एक लगाएँगे, उन्हें कॉल करेंगे, और देखेंगे कि उनके भार कब बनते हैं।
#
# **आप क्या सीखेंगे:** कौन सी आकृति निकलती है, प्रशिक्षण कितनी संख्याएँ बदल सकता है, और क्या खुला रह सकता है।
#
# **क्या चाहिए:** [पाठ 0](00_what_one_number_is_hi.ipynb) और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** स्टैक 8, सूची 6, भार 8, गिनती 6, फ़्रीज़ करना 2, Input 6, अभ्यास 9.
#
# Keras परतों की एक लाइब्रेरी है; TensorFlow वह लाइब्रेरी है जो उसके लिए हिसाब करती है। गाइड इन तीन लाइनों से शुरू होती है, जो दोनों को
# लोड करती हैं:
#
# ```python
# import tensorflow as tf
# from tensorflow import keras
# from tensorflow.keras import layers
# ```
#
# यहाँ ये नाम tinyseq से आते हैं, और `tf.ones` NumPy से। नीचे गाइड का सारा कोड वैसा ही है जैसा उसमें लिखा है।

# %%
import numpy as tf

import tinyseq as keras
from tinyseq import layers
from tinyseq.classroom import Lesson

lesson = Lesson("hi")

# %% [markdown]
# ## परतों का स्टैक (8 मिनट)
#
# एक साथ जोड़ी गई परतें एक **मॉडल** (model) हैं। **Sequential** मॉडल में परतें एक **स्टैक** (stack) होती हैं: एक परत का आउटपुट अगली
# परत का इनपुट बनता है। `activation="relu"` लिखने से परत के निकाले हुए योग पर relu लगता है; `name` आप अपनी मर्ज़ी से चुनते हैं।

# %%
lesson.predict("3 संख्याओं वाली 3 पंक्तियाँ जाती हैं, आख़िरी परत में 4 यूनिटें हैं। y की आकृति क्या होगी?")
# Define Sequential model with 3 layers
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu", name="layer1"),
        layers.Dense(3, activation="relu", name="layer2"),
        layers.Dense(4, name="layer3"),
    ]
)
# Call model on a test input
x = tf.ones((3, 3))
y = model(x)
lesson.compare(y.shape)

# %% [markdown]
# पंक्तियों की गिनती वही रहती है: हर पंक्ति अकेली ही सब परतों से गुज़रती है। आख़िरी अक्ष पर आख़िरी परत की यूनिटों की गिनती आ जाती है।
# स्टैक और कुछ नहीं, बस एक के बाद एक लगे फ़ंक्शन हैं। इसलिए यह कोड भी वही काम करता है, तीन नई परतों से:

# %%
# Create 3 layers
layer1 = layers.Dense(2, activation="relu", name="layer1")
layer2 = layers.Dense(3, activation="relu", name="layer2")
layer3 = layers.Dense(4, name="layer3")

# Call layers on a test input
x = tf.ones((3, 3))
y = layer3(layer2(layer1(x)))

# %% [markdown]
# नई परतों के भार शुरू में यादृच्छिक (random) होते हैं, इसलिए इनसे दूसरी संख्याएँ निकलती हैं। मॉडल की अपनी परतों से मॉडल वाली ही
# निकलती हैं:

# %%
lesson.predict("मॉडल की अपनी तीन परतें, एक के बाद एक कॉल की हुईं। क्या मॉडल वाली ही संख्याएँ निकलेंगी?")
layer1, layer2, layer3 = model.layers
lesson.compare(tf.allclose(layer3(layer2(layer1(x))), model(x)))

# %% [markdown]
# Sequential मॉडल तब **ठीक नहीं** रहता जब
#
# - मॉडल के कई इनपुट या कई आउटपुट हों,
# - किसी परत के कई इनपुट या कई आउटपुट हों,
# - एक ही परत को दो जगह काम करना हो,
# - रास्ता बँट जाए और उसकी शाखाएँ आगे फिर मिलें।
#
# ## यह सूची जैसा है (6 मिनट)

# %%
lesson.predict("5 संख्याओं वाली दो पंक्तियाँ जाती हैं। कौन सी आकृति निकलेगी?")
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)
lesson.compare(model(tf.ones((2, 5))).shape)

# %%
model.layers

# %% [markdown]
# वही मॉडल `add()` से, एक-एक परत जोड़कर:

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu"))
model.add(layers.Dense(3, activation="relu"))
model.add(layers.Dense(4))

# %%
lesson.predict("pop() आख़िरी परत हटा देता है। अब कौन सी आकृति निकलेगी?")
model.pop()
print(len(model.layers))  # 2
lesson.compare(model(tf.ones((2, 5))).shape)

# %% [markdown]
# ## भारों को आकृति चाहिए (8 मिनट)
#
# पाठ 0 में आपने देखा: परत अपने भार तब बनाती है जब वह पहली बार डेटा देखती है। मॉडल के साथ भी यही होता है। पहली कॉल के बाद वह
# **बन चुका** (built) होता है।

# %%
lesson.predict("तीन परतें हैं, हर एक के पास भारों का एक ऐरे है और बायसों का एक। कुल कितने ऐरे हुए?")
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)  # No weights at this stage!

# At this point, you can't do this:
# model.weights

# You also can't do this:
# model.summary()

# Call the model on a test input
x = tf.ones((1, 4))
y = model(x)
print("Number of weights after calling the model:", len(model.weights))  # 6

# %% [markdown]
# यह 6 बताता है कि *ऐरे* कितने हैं: Keras हर ऐरे को weight कहता है, बायसों के ऐरे को भी। इन पाठों में भार एक संख्या है। हर ऐरे की एक-एक
# संख्या, भार हो या बायस, **पैरामीटर** (parameter) है। आप मना न करें तो प्रशिक्षण इन्हें बदलता है। सघन परत में
#
# इनपुट x यूनिटें + यूनिटें
#
# पैरामीटर होते हैं: हर यूनिट के पास हर इनपुट के लिए एक भार, और एक बायस। (Keras 3 में एक फ़र्क है: पहली कॉल से पहले वहाँ
# `model.weights` ख़ाली सूची होती है, और `summary()` प्रश्नचिह्न दिखाता है।)
#
# ## देखने से पहले गिनिए (6 मिनट)
#
# **summary** हर परत की एक पंक्ति दिखाता है: उसके आउटपुट की आकृति और उसके पैरामीटर, "Param #".

# %%
lesson.predict("4 इनपुट -> 2 यूनिटें -> 3 यूनिटें -> 4 यूनिटें। हर परत में कितने पैरामीटर हैं?")
model.summary()
lesson.compare([layer.count_params() for layer in model.layers])

# %% [markdown]
# हर आकृति की पहली संख्या पंक्तियाँ गिनती है। तालिका वही दिखाती है जो मॉडल ने देखा है, और इसने एक पंक्ति देखी है। सात पंक्तियों पर
# कॉल किया गया दूसरा मॉडल सात दिखाता है:

# %%
seen = keras.Sequential([layers.Dense(5)])
seen(tf.ones((7, 2)))
seen.summary()

# %% [markdown]
# इनमें से कोई भी गिनती पक्की नहीं है: दोनों मॉडल कितनी भी पंक्तियाँ ले सकते हैं; तालिका में पहली कॉल की गिनती रहती है।
#
# ## परत को फ़्रीज़ करना (2 मिनट)
#
# **प्रशिक्षण-योग्य** (trainable) पैरामीटर वे हैं जिन्हें प्रशिक्षण बदल सकता है। `layer.trainable = False` परत को **फ़्रीज़** (freeze) कर
# देता है: प्रशिक्षण तब उसके भार ज्यों-के-त्यों रहने देता है और सिर्फ़ बाकी परतों के भार बदलता है। इस तरह परत का सीखा हुआ बचा रहता है।
# उसके पैरामीटर गिने फिर भी जाते हैं, *non-trainable* में।

# %%
lesson.predict("10, 9 और 16 पैरामीटर; पहली परत फ़्रीज़ है। प्रशिक्षण अब कितने बदल सकता है?")
model.layers[0].trainable = False
lesson.compare(sum(weight.size for weight in model.trainable_weights))

# %% [markdown]
# ## पहले से बताइए: Input (6 मिनट)
#
# `keras.Input` से मॉडल को *एक* पंक्ति की आकृति डेटा आने से पहले ही पता होती है। उसके भार तुरंत बन जाते हैं। पंक्तियाँ कितनी आएँगी, यह
# खुला रहता है, और खुले माप की जगह **None** लिखा जाता है: कोई भी गिनती चलेगी।

# %%
lesson.predict("एक पंक्ति की आकृति (4,) है। 2 यूनिटों के लिए तालिका क्या दिखाएगी?")
model = keras.Sequential()
model.add(keras.Input(shape=(4,)))
model.add(layers.Dense(2, activation="relu"))

model.summary()
lesson.compare(model.output_shape)

# %% [markdown]
# Input कोई परत नहीं है: वह कुछ हिसाब नहीं करता, इसलिए सूची में नहीं है।

# %%
model.layers

# %% [markdown]
# इनपुट की आकृति पता हो तो हमेशा बताइए: तब गलती लिखते समय ही दिख जाती है, प्रशिक्षण के समय नहीं।
#
# ## अभ्यास (9 मिनट)
#
# **1.** 6 संख्याओं वाली पंक्तियों पर `Dense(5)`, फिर `Dense(2)`. कुल कितने पैरामीटर?

# %% tags=["exercise"]
answer_1 = None

# %%
model = keras.Sequential([keras.Input(shape=(6,)), layers.Dense(5), layers.Dense(2)])
lesson.check(answer_1, model.count_params())

# %% [markdown]
# **2.** वे कितने ऐरे में रखे हैं?

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, len(model.weights))

# %% [markdown]
# **3.** आप उस मॉडल को 10 पंक्तियों पर कॉल करते हैं। कौन सी आकृति निकलेगी?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, model(tf.ones((10, 6))).shape)

# %% [markdown]
# **4.** उसका summary आउटपुट की कौन सी आकृति दिखाता है? जहाँ माप खुला हो वहाँ `None` लिखिए।

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, model.output_shape)

# %% [markdown]
# **5.** दो सघन परतें, इनपुट में 8 संख्याएँ, अंत में 3 यूनिटें, कुल 63 पैरामीटर। पहली परत में कितनी यूनिटें हैं? `answer_5` में
# पूरा मॉडल होना चाहिए, Input के साथ।

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 3), input_shape=(None, 8), parameters=63)

# %% [markdown]
# ## जाने से पहले
#
# 1. परत अपने भार कब बनाती है, और उससे पहले क्यों नहीं?
# 2. `len(model.weights)` 6 है, पर मॉडल में 35 पैरामीटर हैं। कौन सी संख्या क्या गिनती है?
# 3. आकृति में None का क्या मतलब है?
#
# आगे: [02_add_and_summary_hi](02_add_and_summary_hi.ipynb)
