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
# # add() + summary(): चित्र को सिकुड़ते देखिए
#
# यह fchollet की Keras गाइड [The Sequential model](https://keras.io/guides/sequential_model/) के भाग *A common
# debugging workflow* पर आधारित है (कोड: Apache 2.0, पाठ: CC BY 4.0) और *tinyseq* पर चलता है। In English:
# [02_add_and_summary](02_add_and_summary.ipynb).
#
# **आप क्या करेंगे:** हर परत के बाद आकार का अनुमान लगाएँगे, फिर देखेंगे; खिड़कियाँ कहाँ रुकती हैं यह खानों में
# बनाकर देखेंगे; 250 x 250 के चित्रों के लिए गाइड का नेटवर्क बनाएँगे और उसकी नज़र से एक फ़ोटो देखेंगे।
#
# **आप क्या सीखेंगे:** हर आकार के पीछे का एक ही सूत्र, `padding` और `strides` किनारे के साथ क्या करते हैं, और
# हर नेटवर्क का एक सबसे छोटा चित्र क्यों होता है।
#
# **क्या चाहिए:** Python, ट्यूटोरियल सहित यह परियोजना (उसके फ़ोल्डर में `python -m pip install ".[tutorials]"`), आधा
# घंटा, काग़ज़ और पेंसिल। उसके बाद इंटरनेट नहीं चाहिए।
#
# **कैसे करें:** जिस सेल (cell) से पहले *अनुमान* लिखा है, वहाँ पहले अपना उत्तर लिख लीजिए। फिर सेल चलाइए। फिर मिलाइए।
# (इसे सीधे स्क्रिप्ट की तरह चलाएँ तो चित्र `tinyseq-pictures` फ़ोल्डर में जाते हैं।)

# %%
import numpy as np

import tinyseq as keras
from tinyseq import datasets, layers, plotting

language = "hi"  # of the words on the pictures
keras.utils.set_random_seed(1)

# %% [markdown]
# ## खानों की एक पंक्ति पर एक खिड़की
#
# कनवल्शन (convolution) या पूलिंग (pooling) चित्र पर एक खिड़की खिसकाती है, जो बराबर दूरी पर रुकती है। हर ठहराव
# से एक संख्या निकलती है। इसलिए निकलने वाला आकार ठहरावों की संख्या ही है:
#
# $$\text{stops} = \left\lfloor \frac{\text{size} - \text{window}}{\text{stride}} \right\rfloor + 1$$
#
# (stops: ठहराव, size: आकार, window: खिड़की, stride: कदम)
#
# **अनुमान:** 8 खाने, 3 की खिड़की, 1-1 का कदम। कितने ठहराव?

# %%
plotting.padding_and_stride(8, window=3, stride=1, language=language).show()

# %% [markdown]
# **मिलाइए:** 6. 3 की खिड़की हमेशा 2 खाने कम कर देती है। चौकोर को देखिए: बीच के पिक्सेल नौ बार पढ़े जाते हैं,
# कोने वाला एक ही बार।
#
# **अनुमान:** वही, पर 3-3 के कदम से। कितने ठहराव, और कौन से खाने कोई खिड़की कभी नहीं पढ़ती?

# %%
plotting.padding_and_stride(8, window=3, stride=3, language=language).show()

# %% [markdown]
# **मिलाइए:** 2 ठहराव; खाने 6 और 7 कभी नहीं पढ़े जाते। सूत्र का *floor* यही करता है: बचा हुआ छोड़ देता है,
# यहाँ 64 में से 28 पिक्सेल।
#
# `padding="same"` चारों ओर शून्य लगा देता है, ताकि कदम 1 हो तो आकार वही रहे। कदम बड़ा हो तो नियम है ceil(size
# / stride).
#
# **अनुमान:** 8 खाने, 3 की खिड़की, 3-3 का कदम, `padding="same"`: कितने ठहराव, और कितने शून्य जुड़ेंगे?

# %%
plotting.padding_and_stride(8, window=3, stride=3, padding="same", language=language).show()

# %% [markdown]
# **मिलाइए:** 3 ठहराव, 1 शून्य, और वह अंत में लगता है: अकेला बचा शून्य हमेशा दाईं ओर और नीचे जाता है।
#
# ## 28 कहाँ जाता है
#
# 28 x 28 का चित्र 3 x 3 के तीन कनवल्शन से गुज़रता है; पहले के बाद और दूसरे के बाद 2 x 2 की पूलिंग है। पूरी
# पंक्ति का **अनुमान** काग़ज़ पर लिखिए: 28 -> ? -> ? -> ? -> ? -> ?

# %%
small = keras.Sequential(
    [
        keras.Input(shape=(28, 28, 1)),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
small.summary()

# %% [markdown]
# **मिलाइए:** 28 -> 26 -> 13 -> 11 -> 5 -> 3. 11 से 5 पर जाते हुए एक पंक्ति और एक स्तंभ छूट जाते हैं: 11 / 2
# में शेष बचता है। `Flatten` 3 x 3 x 64 = 576 संख्याओं को एक कतार में रख देता है।
#
# कनवल्शन के पैरामीटर चित्र के आकार पर निर्भर नहीं करते: 3 x 3 x 32 x 64 + 64 = 18,496. **अनुमान** लगाइए कि
# सबसे ज़्यादा पैरामीटर किस परत में हैं, फिर देखिए। फिर वही तालिका, पीछे के हिसाब के साथ:

# %%
small.summary(style="wide")

# %%
plotting.shape_flow(small, language=language).show()

# %% [markdown]
# ## गाइड का नेटवर्क: 250 x 250 के चित्र
#
# कुछ परतें जोड़िए, देखिए, और जोड़िए। इन तीन के बाद आकार का **अनुमान** लगाइए।

# %%
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))

# Can you guess what the current output shape is at this point? Probably not.
# Let's just print it:
model.summary()

# %% [markdown]
# **मिलाइए:** `(40, 40, 32)`. 250 -> floor((250 - 5) / 2) + 1 = 123 -> 121 -> floor((121 - 3) / 3) + 1 = 40.
#
# अभी जगह है, तो आगे बढ़ते हैं। इस तालिका के आख़िरी आकार का **अनुमान** लगाइए:

# %%
# The answer was: (40, 40, 32), so we can keep downsampling...
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(2))

# And now?
model.summary()

# %% [markdown]
# **मिलाइए:** 4 x 4. अब हर फ़ीचर मैप का सबसे बड़ा मान लेते हैं, और फिर वर्गीकरण (classification) करते हैं।
#
# **अनुमान:** `GlobalMaxPooling2D` 32 संख्याएँ देता है। `Dense(10)` कितने पैरामीटर जोड़ेगा, और कुल कितने
# होंगे?

# %%
# Now that we have 4x4 feature maps, time to apply global max pooling.
model.add(layers.GlobalMaxPooling2D())

# Finally, we add a classification layer.
model.add(layers.Dense(10))
print(f"{model.count_params():,} parameters, output {model.output_shape}")

# %%
model.summary(style="wide")

# %%
plotting.shape_flow(model, language=language).show()

# %% [markdown]
# **मिलाइए:** 32 x 10 + 10 = 330, कुल 49,002.
#
# ## सबसे छोटा चित्र
#
# हर परत थोड़ा-थोड़ा खाती है। आख़िरी पूलिंग से पीछे चलिए: उसे 2 खाने चाहिए, तो उससे पहले के कनवल्शन को 4, उससे
# पहले वाले को 6, पूलिंग को 18 ... **अनुमान** लगाइए कि यह कहाँ पहुँचता है: यह ढेर सबसे छोटा कौन सा चित्र ले
# सकता है?


# %%
def fits(size):
    keras.clear_session()  # names of layers start anew
    try:
        trial = keras.Sequential([keras.Input(shape=(size, size, 3))])
        for window, stride, pool in [(5, 2, 0), (3, 1, 3), (3, 1, 0), (3, 1, 3), (3, 1, 0), (3, 1, 2)]:
            trial.add(layers.Conv2D(32, window, strides=stride))
            if pool:
                trial.add(layers.MaxPooling2D(pool))
    except ValueError as error:
        return str(error)
    return "fits"


smallest = next(size for size in np.arange(100, 251).tolist() if fits(size) == "fits")
print("smallest picture:", smallest)
print()
print(fits(smallest - 1))

# %% [markdown]
# **मिलाइए:** 139. एक पिक्सेल भी कम हो तो एक परत अस्वीकार कर दी जाती है, और साथ में वह हिसाब दिखता है जो नहीं
# बैठता। यही 139 चौड़ी तालिका में *sees* के नीचे भी है: आख़िरी पूलिंग के बाद की एक संख्या चित्र के 139 x 139 पिक्सेल पर निर्भर है।
# ऐसी एक संख्या बनाने के लिए इतने पिक्सेल होने ही चाहिए।
#
# ## इसकी नज़र से एक फ़ोटो देखिए
#
# **अनुमान:** क्या पहली पूलिंग (40 x 40) के बाद आप व्यक्ति को पहचान पाएँगे? 8 x 8 पर?

# %%
shown = [model.layers[i] for i in (0, 1, 2, 4, 7)]
look = keras.Model(inputs=model.inputs, outputs=[layer.output for layer in shown])
photograph = datasets.photographs.astronaut()
maps = look(photograph[np.newaxis] / 255)
plotting.feature_maps(maps, image=photograph, names=[layer.name for layer in shown], language=language).show()

# %% [markdown]
# भार यादृच्छिक (random) हैं, यानी अभी कुछ सीखा नहीं गया; फिर भी रूपरेखा देर तक बची रहती है। *कहाँ* खो जाता है,
# *क्या* बचा रहता है। पहले फ़िल्टरों का चित्र, 5 x 5 पिक्सेल, रंगीन:

# %%
plotting.filters(model.layers[0].get_weights()[0], language=language).show()

# %% [markdown]
# ## खुद कीजिए
#
# 1. `padding_and_stride(250, window=5, stride=2)` बनाइए। कौन सा खाना कभी नहीं पढ़ा जाता? चौड़ी तालिका में इस
#    पर एक टिप्पणी है।
# 2. गाइड के नेटवर्क के हर कनवल्शन में `padding="same"` लगाइए। `GlobalMaxPooling2D` से पहले के आकार का
#    **अनुमान** लगाइए, फिर चलाइए।
# 3. 32 x 32 से शुरू होकर 1 x 1 पर ख़त्म होने वाला ढेर बनाइए, जितनी कम परतों में हो सके।
# 4. अपना ढेर एक फ़ाइल में सहेजिए और `python -m shapecheck yourfile.py` चलाइए: बिना चलाए वही उत्तर मिलेगा।
#
# इससे पहले: [01_the_sequential_model_hi](01_the_sequential_model_hi.ipynb).
