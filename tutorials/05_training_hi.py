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
# # 5. प्रशिक्षण, और उसमें क्या बिगड़ता है
#
# In English: [05_training](05_training.ipynb)
#
# **आप क्या करेंगे:** असली लिखावट पर मॉडल को प्रशिक्षित करेंगे, उसके वक्र पढ़ेंगे, सीखने की दर चुनेंगे, और हर गलती देखेंगे।
#
# **आप क्या सीखेंगे:** मॉडल कब रटने लगता है, सीखने की बहुत ऊँची दर क्या करती है, और प्रतिशत पर कितना भरोसा करें।
#
# **क्या चाहिए:** पाठ 0 से [4](04_looking_inside_hi.ipynb) तक, और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** तीन ढेरियाँ 5, वक्र 9, ज़्यादा डेटा 4, सीखने की दर 7, मृत यूनिटें 4, गलतियाँ 6, अभ्यास 9.

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## तीन ढेरियाँ (5 मिनट)
#
# - **प्रशिक्षण डेटा** (training data): मॉडल इन्हीं पर अपने कदम लेता है।
# - **जाँच डेटा** (validation data): इन पर वह कोई कदम नहीं लेता। हर epoch के बाद हम इन पर हानि नापते हैं, और उसी से चुनाव करते हैं।
# - **परीक्षा डेटा** (test data): सिर्फ़ एक बार, अंत में। जो इन्हें देखकर चुनाव करे, उसके पास ईमानदार नाप नहीं बचती।
#
# ये अंक 14 फ़ॉर्मों से आए हैं, जो 13 लोगों ने भरे। नीचे की हर ढेरी के फ़ॉर्म अलग हैं, इसलिए परीक्षा दूसरी लिखावट से होती है (एक व्यक्ति
# ने दो फ़ॉर्म भरे; किसने, यह दर्ज नहीं है)। **सटीकता** (accuracy) यानी सही उत्तरों का हिस्सा।

# %%
(x_all, y_all), (x_test, y_test) = datasets.digits.load_data()
x_all, x_test = x_all.reshape(1415, 64) / 16, x_test.reshape(382, 64) / 16
x_train, y_train, watch = x_all[:1029], y_all[:1029], (x_all[1029:], y_all[1029:])
print(len(x_train), "प्रशिक्षण के लिए,", len(watch[0]), "जाँच के लिए,", len(x_test), "परीक्षा के लिए")


def trained(pictures, labels, rate, epochs, units):
    model = keras.Sequential([keras.Input(shape=(64,)), layers.Dense(units, activation="relu"), layers.Dense(10, activation="softmax")])
    adam = keras.optimizers.Adam(learning_rate=rate)
    model.compile(optimizer=adam, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model, model.fit(pictures, labels, epochs=epochs, validation_data=watch, verbose=0).history


# %% [markdown]
# ## वक्र (9 मिनट)
#
# पहले सिर्फ़ 200 अंक, और 128 यूनिटों का मॉडल: पैरामीटर बहुत हैं, सीखने के लिए उदाहरण कम।

# %%
lesson.predict("शुरू में दोनों हानियाँ घटती हैं। बाद में जाँच वाली हानि का क्या होगा?")
model, few = trained(x_train[:200], y_train[:200], rate=0.01, epochs=120, units=128)
lesson.show(plotting.training_curves(few, language=lesson.language))

# %% [markdown]
# प्रशिक्षण वाली हानि लगभग शून्य हो जाती है। जाँच वाली हानि गोले से घिरे बिंदु पर सबसे कम है; उसके बाद वह बढ़ती है।

# %%
best = int(np.argmin(few["val_loss"]))
lesson.measured("जाँच वाली हानि जिस epoch में सबसे कम है", best + 1, 7, 40)
lesson.measured("जाँच वाली हानि, आख़िरी / सबसे कम", few["val_loss"][-1] / few["val_loss"][best], 1.08, 1.8)
lesson.measured("अंत में प्रशिक्षण वाली हानि", few["loss"][-1], 0.0, 0.01)

# %% [markdown]
# घेरे के बाद का हर epoch मॉडल को देखे हुए अंकों पर बेहतर और अनदेखे अंकों पर बदतर बनाता है: वह रटने लगा है। यही **ओवरफ़िटिंग**
# (overfitting) है। कसौटी पर ध्यान दीजिए। दोनों वक्र इससे बहुत पहले अलग हो जाते हैं; उतने से कुछ नहीं बिगड़ता, क्योंकि देखे हुए अंकों पर मॉडल
# हमेशा थोड़ा बेहतर होता है। गड़बड़ी वहाँ शुरू होती है जहाँ *जाँच वाली* हानि बढ़ने लगती है। वहीं रुक जाइए।
#
# ## ज़्यादा डेटा (4 मिनट)

# %%
lesson.predict("200 की जगह 1029 अंक, मॉडल वही। जाँच डेटा में से कितना सही होगा?")
model, many = trained(x_train, y_train, rate=0.01, epochs=15, units=128)
lesson.measured("200 अंक, जाँच वाली सटीकता", few["val_accuracy"][-1], 0.87, 0.93)
lesson.measured("1029 अंक, जाँच वाली सटीकता", many["val_accuracy"][-1], 0.93, 0.98)

# %% [markdown]
# ओवरफ़िटिंग के ख़िलाफ़ सबसे ज़्यादा मदद करते हैं और ज़्यादा, और तरह-तरह के उदाहरण।
#
# ## सीखने की दर (7 मिनट)
#
# बहुत कम हो, तो मॉडल रेंगता है। बहुत ज़्यादा हो, तो वह घाटी के पार कूद जाता है और पहले से भी ऊँची जगह जा गिरता है।

# %%
lesson.predict("0.0001, 0.01 और 1 की दर, हर एक से दस epoch। सबसे अच्छी कौन सी होगी, और सबसे बुरी कितनी बुरी?")
models = []
for rate, low, high in ((0.0001, 0.2, 0.45), (0.01, 0.94, 0.98), (1.0, 0.07, 0.25)):
    model, history = trained(x_train, y_train, rate=rate, epochs=10, units=32)
    models.append(model)
    lesson.measured("दर " + str(rate) + ", जाँच वाली सटीकता", history["val_accuracy"][-1], low, high)

# %% [markdown]
# दस श्रेणियों में आँख मूँदकर चुनें, तो लगभग 10 % सही निकलता है। दर बहुत ऊँची होने के लक्षण: पहले epoch की हानि बहुत बड़ी है, वह
# उछलती है, या NaN हो जाती है। तब दर को दस से भाग दीजिए। मॉडल रेंग रहा है? तीन से गुणा कीजिए।
#
# ## मृत यूनिटें (4 मिनट)
#
# relu वाली जो यूनिट *हर* चित्र पर 0 देती है, वह **मृत** (dead) है: उसका ग्रेडिएंट भी 0 है, इसलिए अब कोई कदम उसके भार नहीं बदलता।
# बहुत बड़े कदम से एक साथ कई यूनिटें मृत हो सकती हैं:

# %%
lesson.predict("32 यूनिटें हैं। 0.01 की दर से प्रशिक्षण के बाद कितनी मृत होंगी, और 1 की दर से कितनी?")
for model, low, high in ((models[1], 1, 14), (models[2], 28, 32)):
    look = keras.Model(inputs=model.inputs, outputs=model.layers[0].output)
    lesson.measured("मृत यूनिटें", int((look(x_train).max(axis=0) == 0).sum()), low, high)

# %% [markdown]
# ## गलतियों का पन्ना (6 मिनट)
#
# अब, सिर्फ़ एक बार, परीक्षा डेटा; मॉडल 0.01 दर वाला है।

# %%
lesson.predict("जाँच डेटा के ज़्यादातर अंक इसने सही पढ़े। दूसरे फ़ॉर्मों से आए परीक्षा के अंकों में से कितने प्रतिशत सही होंगे?")
model = models[1]
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
lesson.measured("परीक्षा के अंकों पर सही", accuracy, 0.86, 0.93)
lesson.show(plotting.mistakes(x_test.reshape(382, 8, 8), y_test, model.predict(x_test, verbose=0), limit=12, language=lesson.language))

# %% [markdown]
# जाँच डेटा से कम, जबकि प्रशिक्षण इसने दोनों में से किसी पर नहीं लिया: मॉडल कितना अच्छा है, यह इस पर निर्भर है कि सामने किसकी लिखावट
# आती है। 382 अंकों में से एक अंक लगभग चौथाई प्रतिशत के बराबर है, और
# दूसरा सीड लेने पर सही पढ़े गए अंकों की गिनती कुछ घट-बढ़ जाती है। पन्ने को देखिए: क्या आप इन्हें सही पढ़ पाते? कौन सी गलतियाँ असल में एक ही गलती हैं? ऐसे अंक अगले प्रशिक्षण डेटा में होने चाहिए।
#
# ## अभ्यास (9 मिनट)
#
# **1.** छह epoch की जाँच वाली हानियाँ दी हैं। प्रशिक्षण किस epoch के बाद रुकना चाहिए था? गिनती 1 से कीजिए।

# %% tags=["exercise"]
watched = [1.9, 0.8, 0.5, 0.46, 0.52, 0.61]
answer_1 = None

# %%
lesson.check(answer_1, int(np.argmin(watched)) + 1)

# %% [markdown]
# **2.** प्रशिक्षण डेटा पर सटीकता 100 %, जाँच डेटा पर 60 %. इसे क्या कहते हैं? शब्द अंग्रेज़ी में लिखिए।

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check_name(answer_2, "a1f32f57")

# %% [markdown]
# **3.** 382 अंकों में 34 गलतियाँ। सटीकता कितनी है? 0 और 1 के बीच की संख्या लिखिए।

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, 1 - 34 / 382)

# %% [markdown]
# **4.** चार चित्रों में से हर एक की एक पंक्ति है, पाँच relu यूनिटों में से हर एक का एक स्तंभ। कितनी यूनिटें मृत हैं?

# %% tags=["exercise"]
outputs = np.array([[0, 2, 0, 0, 1], [0, 0, 0, 3, 1], [0, 1, 0, 0, 0], [0, 0, 0, 0, 4]])
answer_4 = None

# %%
lesson.check(answer_4, (outputs.max(axis=0) == 0).sum())

# %% [markdown]
# **5.** जिस मॉडल ने कुछ नहीं सीखा, वह दसों श्रेणियों को 0.1 की संभावना देता है। उसकी हानि कितनी है? (पाठ 0 देखिए।) आपकी हानि
# इसी पर टिकी रहे, तो मॉडल कुछ नहीं सीख रहा।

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check(answer_5, -np.log(0.1))

# %% [markdown]
# ## जाने से पहले
#
# 1. वक्रों में कैसे पहचानेंगे कि ओवरफ़िटिंग कहाँ शुरू होती है?
# 2. परीक्षा डेटा सिर्फ़ एक बार क्यों इस्तेमाल करते हैं?
# 3. पहले epoch की हानि 40 है। आप सबसे पहले क्या बदलेंगे?
