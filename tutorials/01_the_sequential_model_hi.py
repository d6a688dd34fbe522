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
# # अनुक्रमिक मॉडल (The Sequential model)
#
# यह fchollet की Keras गाइड [The Sequential model](https://keras.io/guides/sequential_model/) को अपने शब्दों
# में कहता है (कोड: Apache 2.0, पाठ: CC BY 4.0) और *tinyseq* पर चलता है। In English:
# [01_the_sequential_model](01_the_sequential_model.ipynb).
#
# **आप क्या करेंगे:** परतों (layers) को एक के ऊपर एक रखेंगे, भार (weights) को बनते देखेंगे, एक नेटवर्क की नज़र से
# एक फ़ोटो देखेंगे, हाथ से लिखे अंकों पर एक मॉडल को प्रशिक्षित करेंगे और उसका सीखा हुआ दूसरे काम में लगाएँगे।
#
# **आप क्या सीखेंगे:** परत क्या होती है, मॉडल के पास भार कब होते हैं और कब तक नहीं होते, मन ही मन पैरामीटर
# कैसे गिनें, परतों को कैसे स्थिर (freeze) करें।
#
# **क्या चाहिए:** Python, ट्यूटोरियल सहित यह परियोजना (उसके फ़ोल्डर में `python -m pip install ".[tutorials]"`), आधा
# घंटा। उसके बाद न इंटरनेट चाहिए, न ग्राफ़िक्स कार्ड, और गणित में बस गुणा।
#
# **कैसे करें:** जिस सेल (cell) से पहले *अनुमान* लिखा है, वहाँ पहले अपना उत्तर काग़ज़ पर लिख लीजिए। फिर सेल चलाइए।
# फिर मिलाइए। सबसे ज़्यादा गलत अनुमान ही सिखाता है। (इसे सीधे स्क्रिप्ट की तरह चलाएँ तो चित्र `tinyseq-pictures`
# फ़ोल्डर में जाते हैं।)

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting

language = "hi"  # of the words on the pictures
keras.utils.set_random_seed(1)

# %% [markdown]
# ## Sequential मॉडल का उपयोग कब करें
#
# `Sequential` मॉडल परतों का सीधा-सादा ढेर (stack) है: एक परत से जो निकलता है, वही अगली में जाता है, और हर परत का ठीक एक
# इनपुट और एक आउटपुट होता है।
#
# **अनुमान:** 3 पंक्तियाँ भीतर जाती हैं, हर एक में 3 संख्याएँ। आख़िरी परत में 4 इकाइयाँ (units) हैं। `y` का
# आकार (shape) क्या होगा?

# %%
# Define Sequential model with 3 layers
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu", name="layer1"),
        layers.Dense(3, activation="relu", name="layer2"),
        layers.Dense(4, name="layer3"),
    ]
)
# Call model on a test input
x = np.ones((3, 3))
y = model(x)
print("shape of y:", y.shape)

# %% [markdown]
# **मिलाइए:** `(3, 4)`. पंक्तियों की संख्या वही रहती है; आख़िरी संख्या आख़िरी परत की इकाइयों की संख्या बन जाती
# है।
#
# ढेर और कुछ नहीं, बस एक के बाद एक लगाए गए फलन (functions) हैं। वही तीन परतें हाथ से बुलाइए, संख्याएँ वही मिलेंगी:

# %%
layer1, layer2, layer3 = model.layers
by_hand = layer3(layer2(layer1(x)))
print("largest difference:", float(np.abs(by_hand - y).max()))

# %% [markdown]
# Sequential मॉडल तब **ठीक नहीं** है जब
#
# - मॉडल के कई इनपुट या कई आउटपुट हों,
# - किसी परत के कई इनपुट या कई आउटपुट हों,
# - एक ही परत कई जगह साझा (share) करनी हो,
# - डेटा सीधी रेखा में न चलता हो (residual कनेक्शन, शाखाएँ)।
#
# ## Sequential मॉडल बनाना
#
# ऊपर की तरह सूची (list) दीजिए, या `add()` से एक-एक परत जोड़िए, और `pop()` से आख़िरी परत वापस निकाल लीजिए।
#
# **अनुमान:** आख़िरी पंक्ति क्या छापेगी?

# %%
model = keras.Sequential(name="my_sequential")
model.add(layers.Dense(2, activation="relu", name="layer1"))
model.add(layers.Dense(3, activation="relu", name="layer2"))
model.add(layers.Dense(4, name="layer3"))
print([layer.name for layer in model.layers])

model.pop()
print(len(model.layers))

# %% [markdown]
# **मिलाइए:** `2`. Sequential मॉडल बहुत कुछ परतों की सूची जैसा बरताव करता है।
#
# ## इनपुट का आकार पहले से बताना
#
# परत अपने भार तभी बना सकती है जब उसे पता हो कि भीतर क्या आएगा। नई परत के पास कोई भार नहीं होता; पहली बार
# बुलाने पर बनते हैं।
#
# **अनुमान:** 4 संख्याओं वाली पंक्तियों पर `Dense(3)`: उसके दोनों भारों के आकार क्या होंगे?

# %%
layer = layers.Dense(3)
print("before the call:", layer.weights)

y = layer(np.ones((1, 4)))
print("after the call:", [tuple(weight.shape) for weight in layer.weights])

# %% [markdown]
# **मिलाइए:** `(4, 3)`, हर इनपुट और हर इकाई की जोड़ी के लिए एक संख्या, और `(3,)`, हर इकाई के लिए एक बायस
# (bias): 4 x 3 + 3 = 15 पैरामीटर।
#
# मॉडल पर भी यही लागू है। इनपुट का आकार न बताया हो तो मॉडल अभी *बना* (built) नहीं है: उससे भार माँगिए तो त्रुटि
# (error) मिलती है, जो यही बात कहती है।

# %%
model = keras.Sequential(
    [
        layers.Dense(2, activation="relu"),
        layers.Dense(3, activation="relu"),
        layers.Dense(4),
    ]
)  # No weights at this stage!
try:
    print(model.weights)
except ValueError as error:
    print("ValueError:", error)

# Call the model on a test input
y = model(np.ones((1, 4)))
print("Number of weights after calling the model:", len(model.weights))

# %% [markdown]
# तालिका देखने से पहले तीनों परतों के पैरामीटरों का **अनुमान** लगाइए (इनपुट x इकाइयाँ + इकाइयाँ): 4 -> 2, 2 ->
# 3, 3 -> 4.

# %%
model.summary()

# %% [markdown]
# **मिलाइए:** 10, 9, 16; कुल 35.
#
# तालिका `(1, 2)` दिखाती है क्योंकि मॉडल ने एक ही पंक्ति देखी है। अगर आप `Input` से शुरू करें, तो आकार डेटा
# से पहले ही पता होते हैं, भार तुरंत बन जाते हैं, और पहला अक्ष `None` होता है: पंक्तियाँ कितनी भी हों। `Input`
# परत नहीं है, इसलिए सूची में नहीं दिखता।

# %%
model = keras.Sequential()
model.add(keras.Input(shape=(4,)))
model.add(layers.Dense(2, activation="relu"))

model.summary()
print("layers in the list:", len(model.layers))

# %% [markdown]
# पहली परत को `input_shape` देने से भी यही होता है:

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu", input_shape=(4,)))
print(model.output_shape, model.count_params())

# %% [markdown]
# इनपुट का आकार पता हो तो हमेशा बताइए: तब गलती लिखते ही दिख जाती है, प्रशिक्षण के समय नहीं। `add()` से जोड़ने
# और `summary()` से देखने का अपना अलग पाठ है: [02_add_and_summary_hi](02_add_and_summary_hi.ipynb).
#
# ## फ़ीचर निकालना: परतें क्या देखती हैं
#
# मॉडल बन जाने पर हर परत के पास `input` और `output` होते हैं। उसी इनपुट से *कई* आउटपुट तक जाने वाला `Model`
# भीतर का हाल दिखाता है। चित्र एक असली फ़ोटो है, 250 x 250 पिक्सेल, हर पिक्सेल में लाल, हरा और नीला।
#
# **अनुमान:** 5 x 5 की खिड़की (window) 250 पिक्सेल पर 2-2 के कदम (stride) से चलती है। वह कितनी जगह रुकेगी?

# %%
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
    outputs=[layer.output for layer in initial_model.layers],
)

photograph = datasets.photographs.astronaut()
features = feature_extractor(photograph[np.newaxis] / 255)
for feature in features:
    print(feature.shape)

# %% [markdown]
# **मिलाइए:** `(1, 123, 123, 32)`: floor((250 - 5) / 2) + 1 = 123. 32 में से हर फ़िल्टर एक *फ़ीचर मैप*
# (feature map) देता है। यहाँ हर परत के पहले आठ हैं। भार अभी यादृच्छिक (random) हैं; फिर भी कुछ फ़िल्टर किनारों
# को पकड़ते हैं, कुछ रंगों को।

# %%
names = [layer.name for layer in initial_model.layers]
plotting.feature_maps(features, image=photograph, names=names, language=language).show()

# %% [markdown]
# सिर्फ़ एक परत, नाम से:

# %%
one_layer = keras.Model(
    inputs=initial_model.inputs,
    outputs=initial_model.get_layer(name="my_intermediate_layer").output,
)
print(one_layer(photograph[np.newaxis] / 255).shape)

# %% [markdown]
# ## असली अंकों पर प्रशिक्षण
#
# सीखने के लिए हाथ से लिखे 1,415 अंक, 8 x 8 पिक्सेल के, और परीक्षण (test) के लिए 382. परीक्षण के अंक ऐसे फ़ॉर्मों
# के हैं जिन्हें मॉडल कभी नहीं देखता। (तेरह लोगों ने चौदह फ़ॉर्म भरे; दो किसने भरे, यह दर्ज नहीं है, इसलिए एक
# लिखावट दोनों ओर हो सकती है।) `fit` प्रशिक्षण के अंकों का एक हिस्सा (`validation_split`) अलग रखकर देखता रहता है,
# ताकि जल्दी पता चले कि मॉडल सीख रहा है या रट रहा है।
#
# **अनुमान:** आँख मूँदकर अंदाज़ा लगाएँ तो 10 % सही निकलेंगे। यह छोटा मॉडल परीक्षण के अंकों पर कहाँ तक पहुँचेगा?

# %%
(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train, x_test = x_train.reshape(-1, 64) / 16, x_test.reshape(-1, 64) / 16

model = keras.Sequential(
    [
        keras.Input(shape=(64,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, epochs=30, validation_split=0.1, verbose=0)
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"right on digits it never saw: {accuracy:.1%}")

# %%
plotting.training_curves(history, language=language).show()

# %% [markdown]
# अपने अनुमान से **मिलाइए**, और रेखाएँ देखिए: जहाँ टूटी रेखा ठोस रेखा का साथ छोड़ती है, वहाँ से मॉडल रटने लगता
# है। भूलों का पन्ना सबसे ईमानदार हिस्सा है। क्या आप इन अंकों को ठीक पढ़ लेते? कई तो एक ही भूल हैं: किसी का 1,
# जिसके ऊपर लंबी तिरछी रेखा है।

# %%
plotting.mistakes(x_test.reshape(-1, 8, 8), y_test, model.predict(x_test, verbose=0), limit=16, language=language).show()

# %% [markdown]
# ## ट्रांसफ़र लर्निंग: सीखा हुआ रखिए, बाकी सिखाइए
#
# नीचे की परतों को स्थिर (freeze) कीजिए और सिर्फ़ आख़िरी को सिखाइए। पहले गाइड वाला मॉडल। **अनुमान:** 784
# इनपुट, 32 की तीन परतें, 10 की एक। कुल कितने पैरामीटर हैं, और आख़िरी को छोड़ सब परतें स्थिर कर दें तो सीखने
# को कितने बचते हैं?

# %%
guide_model = keras.Sequential(
    [
        keras.Input(shape=(784)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(10),
    ]
)
# Freeze all layers except the last one.
for layer in guide_model.layers[:-1]:
    layer.trainable = False

trainable = sum(int(np.prod(weight.shape)) for weight in guide_model.trainable_weights)
print(guide_model.count_params(), "parameters,", trainable, "of them trainable")

# %% [markdown]
# **मिलाइए:** 27,562 और 330 = 32 x 10 + 10.
#
# अब ऐसे भारों के साथ जिन्हें रखना सार्थक है। हमारा मॉडल दसों अंक पढ़ लेता है। नए सवाल, *क्या अंक सम (even) है?*,
# के लिए हम स्थिर परतों के ऊपर एक नई आख़िरी परत लगाते हैं और सिर्फ़ 100 उदाहरण देते हैं। तुलना के लिए वैसा ही ढेर
# उन्हीं 100 पर बिलकुल शुरू से भी सिखाते हैं।
#
# **अनुमान:** कौन जीतेगा, और कितने से?


# %%
def even_or_odd():
    return keras.Sequential(
        [
            keras.Input(shape=(64,)),
            layers.Dense(32, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


even_train, even_test = (y_train % 2 == 0).astype("float32"), (y_test % 2 == 0).astype("float32")

transferred = even_or_odd()
for new, old in zip(transferred.layers[:-1], model.layers[:-1], strict=True):
    new.set_weights(old.get_weights())
    new.trainable = False

for name, candidate in [("transferred", transferred), ("from scratch", even_or_odd())]:
    candidate.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    candidate.fit(x_train[:100], even_train[:100], epochs=200, verbose=0)
    print(f"{name}: {candidate.evaluate(x_test, even_test, verbose=0)[1]:.1%}")

kept = [np.array_equal(a, b) for a, b in zip(transferred.get_weights()[:6], model.get_weights()[:6], strict=True)]
print("frozen weights unchanged:", all(kept))

# %% [markdown]
# **मिलाइए।** स्थिर परतों में एक बिट भी नहीं बदला: `fit` ने सिर्फ़ आख़िरी परत सिखाई। चार और बीजों (seeds) से
# हमें ट्रांसफ़र वाले मॉडल से 86 से 89 % मिला और शुरू से सीखने वाले से 85 से 86 %: फ़ायदा छोटा है, पर हर बार
# है। वह उन परतों से आता है जो पहले से जानती हैं कि अंक एक-दूसरे से कैसे अलग होते हैं।
#
# गाइड का दूसरा तरीका एक पहले से प्रशिक्षित मॉडल को, एक परत की तरह, नई परत के नीचे रखता है:
# `keras.Sequential([base_model, layers.Dense(1000)])`, और `base_model.trainable = False`. मॉडल भी एक परत ही
# है।
#
# ## खुद कीजिए
#
# 1. पहले मॉडल की `layer1` को 7 इकाइयाँ दीजिए। कौन से आकार बदलते हैं? कौन से नहीं?
# 2. 3 इनपुट पर `Dense(5) -> Dense(5) -> Dense(2)`: पैरामीटर पहले काग़ज़ पर गिनिए, फिर `count_params()` से।
# 3. ट्रांसफ़र में कोई परत स्थिर मत कीजिए। 100 उदाहरणों से नतीजा सुधरता है या बिगड़ता है? पूरे 1,415 से?
# 4. पहला मॉडल सिर्फ़ 0 से 4 के अंकों पर सिखाइए और उसकी स्थिर परतें 5 से 9 के लिए लगाइए। (हमें लगभग 50 % मिला,
#    शुरू से सिखाने पर 80 %।) स्थिर परतें क्या नहीं जानतीं?
# 5. एक फ़ाइल में जान-बूझकर गलत ढेर लिखिए और उस पर `python -m shapecheck` चलाइए।
#
# आगे: [02_add_and_summary_hi](02_add_and_summary_hi.ipynb).
