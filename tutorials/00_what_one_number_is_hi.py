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
# # 0. एक संख्या क्या होती है
#
# In English: [00_what_one_number_is](00_what_one_number_is.ipynb)
#
# **आप क्या करेंगे:** कंप्यूटर हाथ से लिखा अंक पढ़ते समय जो हिसाब करता है, वही खुद करके मिलाएँगे।
#
# **आप क्या सीखेंगे:** हर संख्या कहाँ से आती है, और बेहतर कैसे होती जाती है।
#
# **क्या चाहिए:** उतनी Python जितनी [शिक्षक के पन्ने](TEACHERS_hi.md) पर लिखी है, और यह प्रोजेक्ट; इसे इंस्टॉल
# करने के लिए इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए; फिर `jupyter lab tutorials`। आगे इंटरनेट
# नहीं चाहिए।
#
# **मिनट:** चित्र 5, यूनिट 8, फ़िल्टर 9, पूलिंग 4, संभावना 5, सीखना 5, अभ्यास 9.
#
# **कैसे करें:** सेल हिसाब करने से पहले आपका अनुमान पूछता है। अनुमान लिखिए, या Enter दबाकर आगे बढ़िए। सबसे ज़्यादा सीख गलत
# अनुमान से ही मिलती है।

# %%
import numpy as np
import numpy as tf  # Keras की गाइड (पाठ 1) में tf यानी TensorFlow; यहाँ tf.ones की संख्याएँ NumPy बनाता है

from tinyseq import datasets, layers, plotting, utils
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
utils.set_random_seed(1)

# %% [markdown]
# ## चित्र संख्याओं की तालिका है (5 मिनट)
#
# हर संख्या एक **पिक्सेल** (pixel) है: यहाँ 0 सफ़ेद है और 16 काला। NumPy ऐसी तालिका को **ऐरे** (array) कहता है। उसकी
# **आकृति** (shape) बताती है कि हर **अक्ष** (axis) पर वह कितनी लंबी है: पहले पंक्तियाँ, फिर स्तंभ।

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
digit = x_train[0]
lesson.predict("नीचे के चित्र में 8 पंक्तियाँ हैं, हर एक में 8 पिक्सेल। उसकी आकृति क्या है?")
lesson.compare(digit.shape)
lesson.show(plotting.pictures([digit], ["हाथ से लिखा 0"], numbers=True, language=lesson.language))

# %% [markdown]
# रंगीन चित्र में हर पिक्सेल की तीन संख्याएँ होती हैं: लाल, हरा और नीला। ये उसके तीन **चैनल** (channels) हैं, यानी आख़िरी
# अक्ष। श्वेत-श्याम चित्र में एक ही चैनल होता है। कई चित्र मिलकर एक **बैच** (batch) बनाते हैं; उसका अक्ष सबसे पहले आता है: (चित्र, पंक्तियाँ, स्तंभ, चैनल)।

# %%
batch = x_train.reshape(1415, 8, 8, 1)  # reshape: वही संख्याएँ, दूसरी आकृति में
photograph = datasets.photographs.astronaut()
print("श्वेत-श्याम बैच:", batch.shape, "रंगीन चित्र:", photograph.shape)

# %% [markdown]
# ## यूनिट गुणा करती है, जोड़ती है, और एक बार फिर जोड़ती है (8 मिनट)
#
# **यूनिट** (unit) के पास हर पढ़ी हुई संख्या के लिए एक **भार** (weight) होता है। वह हर संख्या को उसके भार से गुणा करती है,
# गुणनफल जोड़ती है, और ऊपर से अपनी एक और संख्या, **बायस** (bias), जोड़ती है:
#
# `sum = x[0] * w[0] + x[1] * w[1] + ... + bias`
#
# एक ही संख्याओं को पढ़ने वाली यूनिटें मिलकर एक **परत** (layer) बनाती हैं। `Dense(3)` 3 यूनिटों की **सघन परत** (dense layer) है:
# हर यूनिट हर संख्या को पढ़ती है। नई परत को पता नहीं कि कितने भार चाहिए, इसलिए एक भी नहीं होता:

# %%
layer = layers.Dense(3)
layer.weights  # Empty

# %% [markdown]
# भार वह पहली **कॉल** (call) पर बनाती है, यानी तब जब उसमें पहली बार डेटा जाता है। `tf.ones((1, 4))` एक पंक्ति का बैच है, जिसमें
# चार बार 1 है।

# %%
lesson.predict("3 यूनिटें, इनपुट की 4 संख्याएँ। भारों और बायसों की आकृतियाँ क्या होंगी?")
# Call layer on a test input
x = tf.ones((1, 4))
y = layer(x)
layer.weights  # Now it has weights, of shape (4, 3) and (3,)
# (3,) एक अक्ष वाली आकृति है: Python अल्पविराम इसलिए लिखता है कि (3) सिर्फ़ संख्या 3 होती
lesson.compare([weight.shape for weight in layer.weights])

# %% [markdown]
# हर यूनिट के भारों का एक स्तंभ है। हाथ से:

# %%
weights, bias = layer.get_weights()
# weights[:, unit]: इस यूनिट के स्तंभ की सब पंक्तियाँ
by_hand = [(x[0] * weights[:, unit]).sum() + bias[unit] for unit in range(3)]
print("हाथ से:", np.round(by_hand, 4), "परत:", np.round(y[0], 4))
print("संख्याएँ एक जैसी हैं:", np.allclose(by_hand, y[0]))

# %% [markdown]
# आप कहें तो परत ऋणात्मक संख्याओं की जगह 0 रखती है। यही **relu** है: `relu(z)` यानी `z` और 0 में से जो बड़ा हो।

# %%
sums = np.array([-2.0, 0.5, 3.0])
print(np.maximum(sums, 0), layers.ReLU()(sums))

# %% [markdown]
# ## फ़िल्टर चलती-फिरती यूनिट है (9 मिनट)
#
# **फ़िल्टर** (filter) चित्र की सिर्फ़ एक छोटी **खिड़की** (window) पढ़ता है: यहाँ 3 x 3 पिक्सेल, 9 भारों के साथ। वह एक जगह रुककर एक संख्या निकालता है,
# फिर एक पिक्सेल आगे बढ़ता है; भार हर जगह वही रहते हैं। यही **कनवल्शन**
# (convolution) है, और उसकी संख्याओं की तालिका **फ़ीचर मैप** (feature map) कहलाती है। नीचे का फ़िल्टर वहाँ बड़ी संख्या देता है जहाँ दाईं ओर ज़्यादा गहरा हो, यानी किनारे पर।

# %%
edge = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
print("पहली खिड़की से निकला:", (digit[0:3, 0:3] * edge).sum())
lesson.predict("8 पंक्तियाँ, 3 की खिड़की। वह कितनी पंक्तियों पर रुक सकती है?")
by_hand = np.zeros((6, 6))
for row in range(6):
    for column in range(6):
        by_hand[row, column] = (digit[row : row + 3, column : column + 3] * edge).sum()
lesson.compare(len(by_hand))
lesson.show(plotting.pictures([digit, edge, by_hand], ["अंक", "फ़िल्टर", "फ़ीचर मैप"], numbers=True, language=lesson.language))

# %% [markdown]
# खिड़की की पहली पंक्ति 0, 1, 2, 3, 4 या 5 हो सकती है; पंक्ति 6 से शुरू होती तो बाहर निकल जाती। इसलिए 8 पंक्तियों में
# 8 - 3 + 1 = 6 पड़ाव होते हैं: चित्र दो पंक्तियाँ और दो स्तंभ छोटा हो जाता है।
# `Conv2D(1, 3)` में 1 फ़िल्टरों की गिनती है और 3 खिड़की:

# %%
convolution = layers.Conv2D(1, 3)
convolution(batch[:1])
convolution.set_weights([edge.reshape(3, 3, 1, 1), np.zeros(1)])
print("संख्याएँ एक जैसी हैं:", np.allclose(by_hand, convolution(batch[:1])[0, :, :, 0]))

# %% [markdown]
# ## पूलिंग सबसे बड़ी संख्या रखती है (4 मिनट)
#
# **मैक्स पूलिंग** (max pooling) की भी एक खिड़की होती है, पर भार नहीं होते: वह खिड़की की सबसे बड़ी संख्या रख लेती है। खिड़कियाँ सटी होती हैं: जहाँ एक
# ख़त्म, वहीं से अगली शुरू।

# %%
lesson.predict("6 x 6 के फ़ीचर मैप पर 2 x 2 की खिड़कियों वाली मैक्स पूलिंग: कौन सी आकृति निकलेगी?")
pooled = [[by_hand[row : row + 2, column : column + 2].max() for column in (0, 2, 4)] for row in (0, 2, 4)]
lesson.compare(np.shape(pooled))
print("संख्याएँ एक जैसी हैं:", np.allclose(pooled, layers.MaxPooling2D(2)(by_hand.reshape(1, 6, 6, 1))[0, :, :, 0]))

# %% [markdown]
# ## संख्याओं से संभावनाओं तक (5 मिनट)
#
# कई **श्रेणियों** (classes) में से एक चुननी हो, तो आख़िरी परत में हर श्रेणी की एक यूनिट होती है। **सॉफ़्टमैक्स**
# (softmax) उनके योगों को, जिन्हें *स्कोर* कहते हैं, **संभावनाओं** (probabilities) में बदलता है: e (लगभग 2.718) की घात हर स्कोर, बटा
# कुल जोड़। कोई भी ऋणात्मक नहीं होती और सब मिलकर 1 होती हैं।

# %%
scores = np.array([[2.0, 1.0, -1.0]])
probabilities = np.exp(scores) / np.exp(scores).sum()
print(np.round(probabilities, 3), "कुल:", round(probabilities.sum(), 3))
print("संख्याएँ एक जैसी हैं:", np.allclose(probabilities, layers.Softmax()(scores)))

# %% [markdown]
# चित्र की सही श्रेणी उसका **लेबल** (label) है। **हानि** (loss) बताती है कि उत्तर कितना बुरा था: लेबल को जो संभावना मिली, उसका
# लघुगणक (logarithm, आधार e), चिह्न बदलकर। पक्का और सही उत्तर लगभग मुफ़्त, पक्का और गलत बहुत महँगा।

# %%
for probability in (0.99, 0.5, 0.01):
    print("लेबल की संभावना:", probability, "हानि:", round(-np.log(probability), 2))

# %% [markdown]
# ## सीखना: ढाल पर एक कदम नीचे (5 मिनट)
#
# **प्रशिक्षित करना** (train) यानी भारों को तब तक बदलना जब तक हानि कम न हो जाए। बिना बायस की एक यूनिट 2 पढ़ती है और उसका उत्तर
# 6 होना चाहिए। हानि उसकी गलती का वर्ग है। भार को ज़रा-सा बदलिए; हानि के बदलाव को भार के बदलाव से भाग दीजिए: यही ढाल **ग्रेडिएंट**
# (gradient) है। फिर उलटी ओर कदम लीजिए; कितना लंबा, यह **सीखने की दर** (learning rate) बताती है।


# %%
def loss(weight):
    return (2 * weight - 6) ** 2


weight = 1.0
gradient = (loss(weight + 0.001) - loss(weight)) / 0.001
lesson.predict("भार 1 है, हानि 16. भार बढ़ेगा या घटेगा? नया भार बताइए।")
weight = weight - 0.1 * gradient
lesson.compare(round(weight, 2))
print("हानि पहले:", loss(1.0), "बाद में:", round(loss(weight), 2))

# %% [markdown]
# यही **ग्रेडिएंट डिसेंट** (gradient descent) है। प्रशिक्षण इसे सब भारों के लिए हज़ारों बार दोहराता है।
#
# ## अभ्यास (9 मिनट)
#
# `None` की जगह उत्तर लिखकर सेल चलाइए, फिर नीचे का जाँच वाला सेल।
#
# **1.** एक यूनिट के भार 2, -1 और 0.5 हैं और बायस 1 है। वह 3, 4 और 2 पढ़ती है। उसका योग कितना है?

# %% tags=["exercise"]
answer_1 = None

# %%
unit = layers.Dense(1)
unit(np.zeros((1, 3)))
unit.set_weights([np.array([[2], [-1], [0.5]]), np.ones(1)])
lesson.check(answer_1, unit(np.array([[3, 4, 2]]))[0, 0])

# %% [markdown]
# **2.** 5 x 5 की खिड़की अंक पर चलती है। उसके फ़ीचर मैप की आकृति क्या है? `(पंक्तियाँ, स्तंभ)` लिखिए।

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, layers.Conv2D(1, 5)(batch[:1])[0, :, :, 0].shape)

# %% [markdown]
# **3.** खिड़की पंक्ति 2, 3, 4 और स्तंभ 4, 5, 6 पर हो (गिनती 0 से) तो किनारे वाला फ़िल्टर क्या देगा? अंक से निकालिए।

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, by_hand[2, 4])

# %% [markdown]
# **4.** तीन योगों -7, 0 और 4 पर relu लगाइए। उत्तर सूची (list) में लिखिए।

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, layers.ReLU()(np.array([-7.0, 0.0, 4.0])).tolist())

# %% [markdown]
# **5.** भार 1 से वही कदम, पर सीखने की दर 0.05: दशमलव के दो स्थानों तक कौन सा भार मिलेगा?

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, round(1.0 - 0.05 * gradient, 2))

# %% [markdown]
# ## जाने से पहले
#
# 1. यूनिट जो संख्याएँ पढ़ती है, उनके साथ क्या करती है?
# 2. 8 पंक्तियों पर 3 की खिड़की 6 ही जगह क्यों रुकती है?
# 3. ग्रेडिएंट डिसेंट भार को किस ओर खिसकाता है, और कितना?
#
# आगे: [01_the_sequential_model_hi](01_the_sequential_model_hi.ipynb)
