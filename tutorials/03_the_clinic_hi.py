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
# # 3. क्लिनिक: दस बिगड़े हुए स्टैक
#
# In English: [03_the_clinic](03_the_clinic.ipynb)
#
# **आप क्या करेंगे:** दस छोटे प्रोग्रामों की गलती का अनुमान लगाएँगे, रिपोर्ट पढ़ेंगे, इलाज चुनेंगे।
#
# **आप क्या सीखेंगे:** रिपोर्ट पंक्ति-दर-पंक्ति पढ़ना, किस हानि को कौन-से लेबल चाहिए, और कोई त्रुटि न आए तो क्या करें।
#
# **क्या चाहिए:** पाठ 0 से [2](02_add_and_summary_hi.ipynb), साथ का फ़ोल्डर `clinic`, और यह प्रोजेक्ट, इसके
# फ़ोल्डर में: `python -m pip install ".[tutorials]" jupyterlab`.
#
# **मिनट:** दो कॉल में प्रशिक्षण 4, रिपोर्ट 8, चैनल 3, लेबल 8, डेटा और नाम 5, चुपचाप होने वाली गलतियाँ 5, NaN 4, अभ्यास 8.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x = x_train.reshape(1415, 64) / 16  # पिक्सेल, सब 0 और 1 के बीच

# %% [markdown]
# ## दो कॉल में प्रशिक्षण (4 मिनट)
#
# `compile` में हम हानि चुनते हैं और **ऑप्टिमाइज़र** (optimizer), जो ग्रेडिएंट डिसेंट के कदम लेता है; `"adam"` हर कदम की लंबाई खुद तय
# करता है। `fit` प्रशिक्षित करता है: 32 चित्रों के हर बैच के बाद एक कदम। सब चित्रों का एक चक्कर **epoch** है; `history` में हर epoch की हानि रहती है। `compile` के बाद कोई परत फ़्रीज़ करें (पाठ 1), तो `compile` फिर से कीजिए, वरना वह बदल सकती है।

# %%
model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
losses = model.fit(x, y_train, epochs=3, verbose=0).history["loss"]
print("हानि घटती है:", losses[0] > losses[1] > losses[2])

# %% [markdown]
# ## रिपोर्ट पढ़िए (8 मिनट)
#
# **shapecheck** प्रोग्राम को चलाए बिना पढ़ता है। टर्मिनल में: `python -m shapecheck clinic/stack_01.py`.

# %%
lesson.read("clinic/stack_01.py")
lesson.predict("कौन सी लाइन नहीं बैठती, और क्यों?")
lesson.report("clinic/stack_01.py")

# %% [markdown]
# **SC101.** ऊपर से नीचे:
#
# - *तालिका*: हर परत की एक पंक्ति, उसकी आकृति और हिसाब। गलती *टूटती है* वाली पंक्ति में है।
# - *त्रुटि*: गलती का कोड, परत, और दोनों संख्याएँ।
# - *-->*: फ़ाइल, लाइन, स्तंभ। निशान लगी लाइनें दिखाती हैं कि बात वहाँ तक कैसे पहुँची।
# - *क्यों*: कारण। *हिसाब*: पाठ 2 वाला। 1 से कम पड़ाव हों, तो कुछ निकल ही नहीं सकता।
# - *रास्ता*: परतों से गुज़रता माप। वह सबसे तेज़ कहाँ घटता है? पूलिंग पर।
# - *सुझाव*: इलाज; हर एक के साथ सब आकृतियाँ फिर निकाली गईं। **चलता है**: बस आकृति निकलती है।
#
# पहला इलाज हमेशा सबसे अच्छा नहीं। सिर्फ़ आख़िरी कनवल्शन पर `padding="same"` लगाने से 3 x 3 की खिड़की 2 x 2 पिक्सेल पर चलती
# है। 1 से भरे चित्र पर 1 से भरा फ़िल्टर गिनता है कि कितनी संख्याएँ चित्र की हैं:

# %%
lesson.predict("नौ संख्याओं में से कितनी पैडिंग के शून्य नहीं हैं?")
# kernel_initializer: परत के भार शुरू में क्या हों
counter = layers.Conv2D(1, 3, padding="same", kernel_initializer="ones")
lesson.compare(counter(np.ones((1, 2, 2, 1))).reshape(4))

# %% [markdown]
# नौ में से पाँच शून्य हैं: ऐसी परत चित्र से ज़्यादा किनारा देखती है। चित्र बड़े न हो सकें, तो एक पूलिंग हटा दीजिए:

# %%
mended = keras.Sequential([keras.Input(shape=(36, 36, 1)), layers.Conv2D(16, 3), layers.MaxPooling2D(2), layers.Conv2D(32, 3)])
for layer in [layers.MaxPooling2D(2), layers.Conv2D(32, 3), layers.Conv2D(64, 3)]:
    mended.add(layer)
print([layer.output.shape[1] for layer in mended.layers])

# %% [markdown]
# ## चैनल नहीं हैं (3 मिनट)

# %%
lesson.read("clinic/stack_02.py")
lesson.predict("Conv2D को क्या नहीं मिला?")
lesson.report("clinic/stack_02.py")

# %% [markdown]
# **SC201.** Conv2D (चित्र, पंक्तियाँ, स्तंभ, चैनल) पढ़ता है। `Input((32, 32))` में चैनल नहीं हैं; श्वेत-श्याम चित्र में 1 होता है।
# `Input((32, 32, 1))` लिखिए, और डेटा की आकृति भी बदलिए।
#
# ## लेबल, आउटपुट और हानि (8 मिनट)
#
# लेबल मॉडल के आउटपुट से मेल खाने चाहिए। कैसे, यह हानि पर निर्भर है। n चित्रों के लिए:
#
# | लेबल | उनकी आकृति | आख़िरी परत, उसका आउटपुट | हानि |
# |---|---|---|---|
# | एक पूर्णांक: 7 | (n,) | `Dense(10)`, softmax: (n, 10) | `sparse_categorical_crossentropy` |
# | दस स्तंभ, एक में 1 | (n, 10) | `Dense(10)`, softmax: (n, 10) | `categorical_crossentropy` |
# | 0 या 1 | (n,) या (n, 1) | `Dense(1)`, sigmoid: (n, 1) | `binary_crossentropy` |
# | कोई भी संख्या | (n,) या (n, 1) | `Dense(1)`: (n, 1) | `mse` |
#
# नियम: लेबलों की आकृति वही हो जो आउटपुट की है; *sparse* हो, तो आख़िरी अक्ष के बिना वही आकृति। 1 वाला आख़िरी अक्ष
# छोड़ सकते हैं। तीनों crossentropy पाठ 0 वाली हानि हैं। (**सिग्मॉइड** (sigmoid) एक स्कोर z
# को एक संभावना बनाता है: 1 / (1 + e की घात -z)। **mse** गलतियों के वर्गों का औसत है।)

# %%
for number in ("03", "04", "05"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("कौन सी आकृतियाँ मेल नहीं खातीं?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# तीनों बार **SC301**। स्टैक 3 में Dense सिर्फ़ आख़िरी अक्ष पर काम करती है: 6 x 6 स्थानों पर एक-एक उत्तर देती है। हर चित्र का
# एक चाहिए: पहले Flatten लगाइए। स्टैक 4 में हर लेबल एक पूर्णांक है: sparse वाली हानि चुनिए। स्टैक 5 में दस स्तंभों के सामने नौ
# यूनिटें हैं; अंक सही हैं, इसलिए यूनिटें गलत।
#
# ## डेटा और नाम (5 मिनट)

# %%
for number in ("06", "07", "08"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("क्या गलत है?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# **SC303**: चित्र तालिकाएँ हैं, Input को 64 की पंक्तियाँ चाहिए। डेटा को सुधारिए; Input बदलेंगे, तो गलती बस आगे खिसकेगी (सुझाव में *x*)। **SC402**: नाम की वर्तनी गलत है। **SC307**: 1415 चित्र, 382 लेबल। चित्र काटकर 382 कर दें, तो प्रोग्राम चलेगा, पर लेबल दूसरों के होंगे। `y_train` दीजिए।
#
# ## गलतियाँ जिन पर कोई त्रुटि नहीं आती (5 मिनट)
#
# दोनों प्रोग्राम चलते हैं; shapecheck और `fit` चेतावनी देते हैं।

# %%
for number in ("09", "10"):
    lesson.read("clinic/stack_" + number + ".py")
    lesson.predict("यह चलता है। फिर गलत क्या है?")
    lesson.report("clinic/stack_" + number + ".py")

# %% [markdown]
# **SC305**: इस हानि को संभावनाएँ चाहिए, पर softmax के बिना परत स्कोर देती है। **SC304**: softmax सब यूनिटों के जोड़ से भाग देता है। यूनिट एक ही हो, तो उत्तर हमेशा 1 होता है:

# %%
plain = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(10)])
print("कोई स्कोर ऋणात्मक है:", (plain(x) < 0).any())
single = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(1, activation="softmax")])  # shapecheck: ignore[SC304]
single.compile(optimizer="adam", loss="binary_crossentropy")
lesson.predict("तीन epoch में इसकी हानि का क्या होगा?")
# y_train % 2: विषम अंक के लिए 1, सम के लिए 0
losses = single.fit(x, y_train % 2, epochs=3, verbose=0).history["loss"]
print("उत्तर:", np.unique(single.predict(x, verbose=0)), "हानि बदली:", losses[0] != losses[2])

# %% [markdown]
# हानि न बदले, तो पहले आख़िरी परत देखिए।
#
# ## NaN की तलाश (4 मिनट)
#
# **NaN** यानी *not a number* (संख्या नहीं)। 1 / 0 अनंत है, 0 का लघुगणक -अनंत; 0 / 0, अनंत - अनंत और 0 x अनंत NaN हैं।
# जिस जोड़ या गुणा में NaN हो, वह भी NaN। `fit` चेतावनी देकर चलता है:

# %%
sick = x.copy()
sick[700, 5] = np.nan
lesson.predict("90,560 संख्याओं में से एक NaN है। एक epoch के बाद 650 पैरामीटरों में से कितने NaN होंगे?")
# isnan: जहाँ NaN हो वहाँ True; argwhere उन जगहों की सूची देता है जहाँ True है, पंक्ति पहले, गिनती 0 से
losses = model.fit(sick, y_train, epochs=1, verbose=0).history["loss"]
lesson.compare(sum(int(np.isnan(array).sum()) for array in model.get_weights()))
print("हानि:", losses, "डेटा का पहला NaN यहाँ है:", np.argwhere(np.isnan(sick))[0])

# %% [markdown]
# उस चित्र के स्कोर, बैच की हानि, हर ग्रेडिएंट और सब 650 पैरामीटर NaN हुए।
#
# चेतावनी जगह और कारण बताती है। न हो, तो इस क्रम से ढूँढिए: 1. डेटा (छूटे हुए या अनंत मान); 2. लेबल; 3. हानि, अगर वह 0 संभावना का लघुगणक ले; 4. भार, जो सीखने की ऊँची दर से अनंत हुए। फिर नया मॉडल बनाइए: पुराने के भार बिगड़ चुके हैं।
#
# ## अभ्यास (8 मिनट)
#
# **1.** स्टैक 1 से लाइन 9, यानी दूसरी पूलिंग, हटा दीजिए। अंत में कितनी पंक्तियाँ निकलेंगी?

# %%
lesson.read("clinic/stack_01.py")

# %% tags=["exercise"]
answer_1 = None

# %%
rows = keras.Sequential([keras.Input(shape=(36, 36, 1)), layers.Conv2D(1, 3), layers.MaxPooling2D(2), layers.Conv2D(1, 3), layers.Conv2D(1, 3)])
rows = keras.Sequential([rows, layers.MaxPooling2D(2), layers.Conv2D(1, 3)])
lesson.check(answer_1, rows.output_shape[1])

# %% [markdown]
# **2.** स्टैक 3 को ऐसे बनाइए कि उसके लेबल हानि से मेल खाएँ।

# %%
lesson.read("clinic/stack_03.py")

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check_model(answer_2, (None, 10), input_shape=(None, 8, 8, 1))

# %% [markdown]
# **3.** नीचे के लेबल `categorical_crossentropy` को दिए जाते हैं। इन 25 चित्रों के आउटपुट की आकृति क्या होनी चाहिए?

# %% tags=["exercise"]
labels = np.eye(3)[y_train[:25] % 3]  # np.eye(3)[k]: तीन स्तंभ, स्तंभ k में 1; % 3: 3 से भाग देने पर शेष
answer_3 = None

# %%
lesson.check(answer_3, labels.shape)

# %% [markdown]
# **4.** "क्या चित्र में 7 है?" लेबल 0 या 1 हैं, आख़िरी परत `Dense(1)` है। कौन सा activation लगेगा? उसका नाम लिखिए।

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check_name(answer_4, "fa15bd82")

# %% [markdown]
# **5.** `readings` में पहला NaN किस पंक्ति में है?

# %% tags=["exercise"]
readings = np.random.default_rng(7).random((40, 64))
# पंक्तियों की गिनती 0 से होती है; जगह isnan और argwhere से मिलती है, जैसे पिछले भाग में
readings = np.where(readings > 0.9985, np.nan, readings)
answer_5 = None

# %%
lesson.check(answer_5, np.argwhere(np.isnan(readings))[0, 0])

# %% [markdown]
# ## जाने से पहले
#
# 1. इलाज के *चलता है* का क्या मतलब है, और क्या नहीं?
# 2. लेबलों की आकृति (n,) है, 0 से 4 तक के पूर्णांक: कौन सी आख़िरी परत, कौन सी हानि?
# 3. तीन जगहें बताइए जहाँ से NaN आ सकता है।
#
# आगे: [04_looking_inside_hi](04_looking_inside_hi.ipynb)
