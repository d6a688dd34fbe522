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
# # 2. add() + summary(): चित्र को सिकुड़ते देखिए
#
# In English: [02_add_and_summary](02_add_and_summary.ipynb). यह पाठ François Chollet की Keras गाइड
# [The Sequential model](https://keras.io/guides/sequential_model/) पर आधारित है (कोड: Apache 2.0, लेख: CC BY 4.0), शब्द
# हमारे हैं।
#
# **आप क्या करेंगे:** पहले बताएँगे कि अगली आकृति क्या होगी, फिर देखेंगे; 250 x 250 के चित्रों के लिए गाइड का मॉडल बनाएँगे।
#
# **आप क्या सीखेंगे:** हर आकृति के पीछे का हिसाब, पैरामीटरों की हर गिनती के गुणनखंड, और किन परतों को तय माप चाहिए।
#
# **क्या चाहिए:** पाठ [0](00_what_one_number_is_hi.ipynb) और [1](01_the_sequential_model_hi.ipynb), काग़ज़, और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** पड़ाव 8, जोड़े गए शून्य 6, पूलिंग 3, पैरामीटर 5, गाइड का मॉडल 8, खुले माप 5, अभ्यास 10.

# %%
import tinyseq as keras
from tinyseq import layers, plotting
from tinyseq.classroom import Lesson

lesson = Lesson("hi")
keras.utils.set_random_seed(1)

# %% [markdown]
# ## पड़ाव गिनिए (8 मिनट)
#
# खिड़की एक से ज़्यादा पिक्सेल भी खिसक सकती है। वह हर बार जितना खिसकती है, वह उसका **कदम** (stride) है। हर पड़ाव से एक संख्या निकलती
# है, इसलिए आउटपुट का माप (size) पड़ावों की गिनती के बराबर होता है:
#
# पड़ाव = floor((माप - खिड़की) / कदम) + 1
#
# **Floor** भिन्न को छोड़कर नीचे का पूर्णांक लेता है। यह हिसाब क्यों? पहले पड़ाव को पूरी एक खिड़की चाहिए; बची हुई जगह, यानी
# माप - खिड़की, एक-एक कदम से तय होती है।

# %%
lesson.predict("10 खाने, 4 की खिड़की, कदम 1. कितने पड़ाव?")
lesson.show(plotting.padding_and_stride(10, window=4, stride=1, language=lesson.language))
lesson.predict("वही, पर कदम 4. कितने पड़ाव, और कौन से खाने कोई खिड़की नहीं पढ़ती?")
lesson.show(plotting.padding_and_stride(10, window=4, stride=4, language=lesson.language))

# %% [markdown]
# पहले 7 पड़ाव, फिर 2. आख़िरी दो खानों को कोई खिड़की नहीं पढ़ती, क्योंकि floor बचे हुए को छोड़ देता है। सिर्फ़ कदम 1 हो तभी 4 की खिड़की हमेशा
# 3 खाने कम करती है: अपने से एक कम।
#
# ## चित्र के चारों ओर शून्य (6 मिनट)
#
# **पैडिंग** (padding) चित्र के चारों ओर 0 वाले खाने जोड़ती है। `padding="same"` इतने खाने जोड़ता है कि
#
# पड़ाव = ceil(माप / कदम)
#
# हो जाए; **ceil** ऊपर का पूर्णांक लेता है। कदम 1 हो तो माप वही रहता है, नाम इसीलिए same है। आख़िरी खिड़की
# (पड़ाव - 1) x कदम + खिड़की पर ख़त्म होती है। चित्र से आगे उसे जितने खाने चाहिए, उतने शून्य जुड़ते हैं: आधे चित्र से पहले; गिनती विषम
# हो तो बचा हुआ एक शून्य अंत में लगता है, यानी दाईं ओर और नीचे। (`padding="valid"`, जो बिना कहे लगता है, कुछ नहीं जोड़ता।)

# %%
lesson.predict("7 खाने, 4 की खिड़की, कदम 2, same. कितने पड़ाव, और कितने शून्य?")
lesson.show(plotting.padding_and_stride(7, window=4, stride=2, padding="same", language=lesson.language))
lesson.predict("और कदम 3 हो तो?")
lesson.show(plotting.padding_and_stride(7, window=4, stride=3, padding="same", language=lesson.language))

# %% [markdown]
# ceil(7 / 2) = 4 पड़ाव (4 - 1) x 2 + 4 = 10 पर ख़त्म होते हैं: 10 - 7 = 3 शून्य, एक पहले और दो बाद में। कदम 3 हो तो 3 पड़ाव भी
# 10 पर ही ख़त्म होते हैं।
#
# ## पूलिंग अपनी ही चौड़ाई जितना खिसकती है (3 मिनट)
#
# आप और कुछ न कहें तो `MaxPooling2D(4)` हर बार 4 पिक्सेल खिसकती है: उसका कदम उसकी खिड़की *ही* है, इसलिए कोई पिक्सेल दो बार नहीं पढ़ा जाता।
# कनवल्शन का कदम, कुछ न कहें तो, 1 होता है।

# %%
lesson.predict("30 पंक्तियों पर MaxPooling2D(4): floor((30 - 4) / 4) + 1. कितनी पंक्तियाँ निकलेंगी? और strides=1 हो तो?")
trial = keras.Sequential([keras.Input(shape=(30, 30, 1)), layers.MaxPooling2D(4)])
other = keras.Sequential([keras.Input(shape=(30, 30, 1)), layers.MaxPooling2D(4, strides=1)])
lesson.compare((trial.output_shape[1], other.output_shape[1]))

# %% [markdown]
# ## कनवल्शन के गुणनखंड (5 मिनट)
#
# फ़िल्टर अपनी खिड़की में *सब* चैनल पढ़ता है। इसलिए उसमें "खिड़की की पंक्तियाँ x खिड़की के स्तंभ x चैनल" जितने भार होते हैं, और एक बायस:
#
# पैरामीटर = (पंक्तियाँ x स्तंभ x इनपुट के चैनल + 1) x फ़िल्टर
#
# हर फ़िल्टर आउटपुट का एक चैनल बनाता है। 4 चैनलों पर `Conv2D(8, 3)`: 3 x 3 x 4 x 8 भार + 8 बायस = 296. इसमें चित्र का माप
# कहीं नहीं है: हर पड़ाव पर वही भार काम आते हैं।

# %%
lesson.predict("3 चैनलों पर Conv2D(16, 5): कितने पैरामीटर? 20 x 20 पिक्सेल पर, और 200 x 200 पर?")
sizes = (20, 200)
models = [keras.Sequential([keras.Input(shape=(size, size, 3)), layers.Conv2D(16, 5)]) for size in sizes]
lesson.compare([model.count_params() for model in models])

# %% [markdown]
# ## गाइड का तरीका (8 मिनट)
#
# `add()` से कुछ परतें लगाइए, `summary()` से देखिए, फिर और लगाइए। मॉडल का नाम भी हो सकता है, जो summary के ऊपर दिखता है।
# `build` से इनपुट की आकृति बाद में दे सकते हैं, बैच के अक्ष समेत: (None, 5). `Input` यह None खुद जोड़ता है। इनपुट की
# आकृति पहली परत को भी दी जा सकती है; Keras 3 इसे चलाता है, पर चेतावनी के साथ ("Do not pass an `input_shape`", यानी `Input` लिखिए):

# %%
model = keras.Sequential(name="my_sequential")
model.add(layers.Dense(2, activation="relu", name="layer1"))
model.add(layers.Dense(3, activation="relu", name="layer2"))
model.add(layers.Dense(4, name="layer3"))
model.build((None, 5))
model.summary()

# %%
model = keras.Sequential()
model.add(layers.Dense(2, activation="relu", input_shape=(4,)))

model.summary()

# %% [markdown]
# अब 250 x 250 पिक्सेल के रंगीन चित्र। **GlobalMaxPooling2D** हर चैनल की एक ही संख्या रखती है: सबसे बड़ी।

# %%
lesson.predict("250 -> कदम 2 वाला 5 x 5 -> 3 x 3 -> MaxPooling2D(3). कौन सी आकृति निकलेगी?")
model = keras.Sequential()
model.add(keras.Input(shape=(250, 250, 3)))  # 250x250 RGB images
model.add(layers.Conv2D(32, 5, strides=2, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))

# Can you guess what the current output shape is at this point? Probably not.
# Let's just print it:
model.summary()

# %%
lesson.predict("छह और परतों के बाद, जिनमें आख़िरी MaxPooling2D(2) है?")
# The answer was: (40, 40, 32), so we can keep downsampling...

model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(3))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.Conv2D(32, 3, activation="relu"))
model.add(layers.MaxPooling2D(2))

# And now?
model.summary()

# %%
lesson.predict("GlobalMaxPooling2D से 32 संख्याएँ निकलती हैं। Dense(10) कितने पैरामीटर जोड़ेगा?")
# Now that we have 4x4 feature maps, time to apply global max pooling.
model.add(layers.GlobalMaxPooling2D())

# Finally, we add a classification layer.
model.add(layers.Dense(10))
lesson.compare(model.layers[-1].count_params())

# %% [markdown]
# यह सब आप खुद बता सकते थे। `summary(style="wide")` हर आकृति के पीछे का हिसाब दिखाता है, **MACs** (multiply-accumulate, गुणा-जोड़) के नीचे यह
# कि परत कितने गुणा करती है, और **देखती है** के नीचे यह कि एक संख्या एक अक्ष पर इनपुट के कितने पिक्सेल पर निर्भर है। अपना हिसाब इससे मिलाइए:

# %%
model.summary(style="wide")
lesson.show(plotting.shape_flow(model, language=lesson.language))

# %% [markdown]
# ## किन परतों को तय माप चाहिए? (5 मिनट)
#
# **Flatten** चित्र की सब संख्याओं को एक पंक्ति में रख देती है। उसके बाद की सघन परत के पास इनमें से *हर* संख्या के लिए एक भार होता है। बड़े
# चित्र में ज़्यादा संख्याएँ होती हैं, उसे दूसरे भार चाहिए होंगे: इसलिए माप तय होना चाहिए। (खुले माप पर Flatten None दिखाती है, और
# सघन परत जोड़ने पर त्रुटि आती है।) GlobalMaxPooling2D के बाद हर चैनल की एक ही संख्या बचती है, चित्र कितना भी बड़ा हो: तब माप खुला रह सकता
# है: `Input(shape=(None, None, 1))`.

# %%
lesson.predict("Conv2D(4, 3), फिर Flatten या GlobalMaxPooling2D, फिर Dense(10): किसके पैरामीटर 20 x 20 पर 12 x 12 से ज़्यादा होंगे?")
for size in (12, 20):
    first = [keras.Input(shape=(size, size, 1)), layers.Conv2D(4, 3)]
    flat = keras.Sequential([*first, layers.Flatten(), layers.Dense(10)])
    pooled = keras.Sequential([*first, layers.GlobalMaxPooling2D(), layers.Dense(10)])
    print(size, "Flatten:", flat.count_params(), "GlobalMaxPooling2D:", pooled.count_params())

# %% [markdown]
# 12 -> 10 x 10 x 4 = 400 संख्याएँ, 400 x 10 + 10 भार और बायस; 20 -> 18 x 18 x 4 = 1296. दूसरे मॉडल की सघन परत में दोनों बार
# 4 x 10 + 10 हैं।
#
# ## अभ्यास (10 मिनट)
#
# **1.** 64 x 64 पिक्सेल के रंगीन चित्रों पर `Conv2D(6, 5, strides=2)`: कितनी पंक्तियाँ निकलेंगी?

# %% tags=["exercise"]
answer_1 = None

# %%
model = keras.Sequential([keras.Input(shape=(64, 64, 3)), layers.Conv2D(6, 5, strides=2)])
lesson.check(answer_1, model.output_shape[1])

# %% [markdown]
# **2.** फिर `MaxPooling2D(4)`: कितनी पंक्तियाँ बचेंगी?

# %% tags=["exercise"]
answer_2 = None

# %%
model = keras.Sequential([keras.Input(shape=(64, 64, 3)), layers.Conv2D(6, 5, strides=2), layers.MaxPooling2D(4)])
lesson.check(answer_2, model.output_shape[1])

# %% [markdown]
# **3.** उसके बाद `Conv2D(12, 3)` कितने पैरामीटर जोड़ेगा?

# %% tags=["exercise"]
answer_3 = None

# %%
next_one = keras.Sequential([model, layers.Conv2D(12, 3)])
lesson.check(answer_3, next_one.layers[-1].count_params())

# %% [markdown]
# **4.** कतार में 9 खाने, 5 की खिड़की, कदम 2, `padding="same"`: कुल कितने शून्य जुड़ेंगे?

# %% tags=["exercise"]
answer_4 = None

# %%
model = keras.Sequential([keras.Input(shape=(9, 9, 1)), layers.Conv2D(1, 5, strides=2, padding="same")])
lesson.check(answer_4, (model.output_shape[1] - 1) * 2 + 5 - 9)

# %% [markdown]
# **5.** ऐसा मॉडल बनाइए जो *किसी भी* माप के रंगीन चित्र ले, हर चित्र के लिए अंत में 4 संख्याएँ दे, और जिसमें कम से कम एक कनवल्शन हो।

# %% tags=["exercise"]
answer_5 = None

# %%
lesson.check_model(answer_5, (None, 4), input_shape=(None, None, None, 3))

# %% [markdown]
# ## जाने से पहले
#
# 1. 17 पंक्तियाँ, `MaxPooling2D(3)`: क्या निकलेगा, और कदम 3 क्यों है?
# 2. कनवल्शन के पैरामीटरों के चार गुणनखंड बताइए।
# 3. सघन परत से पहले Flatten हो तो माप तय क्यों होना चाहिए?
#
# आगे: [03_the_clinic_hi](03_the_clinic_hi.ipynb)
