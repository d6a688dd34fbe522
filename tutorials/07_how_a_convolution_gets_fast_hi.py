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
# # 7. कनवल्शन तेज़ कैसे होता है
#
# In English: [07_how_a_convolution_gets_fast](07_how_a_convolution_gets_fast.ipynb)
#
# **आप क्या करेंगे:** छह प्रोग्रामों से एक ही कनवल्शन कराएँगे, और हर बार पहले अनुमान लगाएँगे कि कौन कितने गुना तेज़ होगा।
#
# **आप क्या सीखेंगे:** प्रोग्राम किससे तेज़ होता है, विनोग्राड की विधि गुणा कैसे बचाती है, आपकी मशीन की सीमा कहाँ है।
#
# **क्या चाहिए:** पाठ 0 से [2](02_add_and_summary_hi.ipynb) तक, और यह प्रोजेक्ट; इसे इंस्टॉल करने के लिए
# इसके फ़ोल्डर में `python -m pip install ".[tutorials]" jupyterlab` चलाइए।
#
# **मिनट:** काम 4, Python 4, NumPy 5, कंपाइल किया हुआ 7, विनोग्राड 7, छत 9, अभ्यास 9.

# %%
import numpy as np
from numba import njit

from tinyseq import layers, plotting
from tinyseq.classroom import Lesson, ladder, roofline

lesson = Lesson("hi")

# %% [markdown]
# ## काम (4 मिनट)
#
# एक परत: 3 x 3 की खिड़कियाँ, 32 फ़िल्टर, 58 x 58 पिक्सेल, 32 चैनल। एक MAC यानी एक गुणा और उसका जोड़। संख्याएँ `float32` हैं: हर एक मेमोरी में 4 **बाइट**
# (byte) लेती है।

# %%
random = np.random.default_rng(1)
x, w = random.random((58, 58, 32), dtype=np.float32), random.random((3, 3, 32, 32), dtype=np.float32)
y = np.zeros((56, 56, 32), dtype=np.float32)
layer = layers.Conv2D(32, 3)
layer(x.reshape(1, 58, 58, 32))
layer.set_weights([w, np.zeros(32)])
expected = layer(x.reshape(1, 58, 58, 32))[0]
lesson.predict("56 x 56 x 32 आउटपुट, हर एक 3 x 3 x 32 गुणनफलों का जोड़। मोटे तौर पर कितने मिलियन (दस लाख) MACs?")
macs = y.size * 288
lesson.compare(round(macs / 1000000, 1))

# %% [markdown]
# ## Python (4 मिनट)
#
# परिभाषा के अनुसार: हर पंक्ति, स्तंभ और फ़िल्टर के लिए 288 गुणनफल जोड़िए। Python इतना धीमा है कि उससे सिर्फ़ 4 x 4 का कोना निकलवाते हैं।
# घड़ी **GMAC/s** में नापती है: एक सेकंड में कितने अरब MACs।


# %%
def loops(x, w, y):
    for row in range(y.shape[0]):
        for column in range(y.shape[1]):
            for f in range(y.shape[2]):
                total = np.float32(0)
                for i in range(3):
                    for j in range(3):
                        for c in range(x.shape[2]):
                            total = total + x[row + i, column + j, c] * w[i, j, c, f]
                y[row, column, f] = total


lesson.predict("Python एक सेकंड में कितने मिलियन MACs करता है?")
paces = {"Python": roofline.pace(16 * 32 * 288, loops, x[:6, :6], w, y[:4, :4])}
lesson.clocked("Python", paces["Python"] * 1000, "मिलियन MACs प्रति सेकंड")
print("संख्याएँ वही हैं:", np.allclose(y[:4, :4], expected[:4, :4]))


def race(name, program, before):
    y[:] = 0
    paces[name] = roofline.pace(macs, program, x, w, y)
    lesson.clocked(name + " बनाम " + before, paces[name] / paces[before], "गुना")
    print("संख्याएँ वही हैं:", np.allclose(y, expected, atol=0.001))


# %% [markdown]
# लगभग सारा समय नाम और जगहें ढूँढने में जाता है, गुणा करने में नहीं।
#
# ## NumPy (5 मिनट)
#
# NumPy की एक लाइन बहुत सारे MACs करती है। `x[i : i + 56, j : j + 56, c : c + 1]` चित्र का चैनल c है, i पंक्तियाँ और j स्तंभ खिसका हुआ;
# `w[i, j, c]` 32 भार हैं, हर फ़िल्टर का एक। गुणा में हर पिक्सेल हर फ़िल्टर से मिलता है। यानी पूरे `y` पर 288 फेरे।


# %%
def passes(x, w, y):
    y[:] = 0
    for i in range(3):
        for j in range(3):
            for c in range(32):
                y[:] = y + x[i : i + 56, j : j + 56, c : c + 1] * w[i, j, c]


lesson.predict("Python से कितने गुना तेज़?")
race("NumPy", passes, "Python")

# %% [markdown]
# ## कंपाइल किया हुआ (7 मिनट)
#
# **कंपाइलर** (compiler) फ़ंक्शन को एक बार प्रोसेसर के आदेशों में बदल देता है। Numba ऐसा ही है: `njit(loops)` हमारे वही छह लूप हैं।
# (पहली कॉल, जिसमें कंपाइल होता है, घड़ी नहीं गिनती।)

# %%
lesson.predict("वही छह लूप, कंपाइल किए हुए: NumPy से कितने गुना तेज़? 1 से कम यानी धीमे")
race("कंपाइल किया हुआ", njit(loops), "NumPy")

# %% [markdown]
# कंपाइल करना ही काफ़ी नहीं। सबसे भीतर का लूप c पर है; उस दिशा में भार मेमोरी में 32-32 संख्याओं की दूरी पर रखे हैं, और हर जोड़ पिछले जोड़ का
# इंतज़ार करता है। सबसे भीतर f का लूप रखिए: तब पास-पास के भार काम आते हैं, और कोई जोड़ इंतज़ार नहीं करता। अब **वेक्टर** (vector)
# आदेश 4, 8 या 16 पड़ोसी संख्याओं पर एक साथ चल सकते हैं। पूरा फ़ंक्शन: `tinyseq/classroom/ladder.py` में `reordered`; उसका मुख्य हिस्सा:
#
# ```python
# for c in range(32):
#     pixel = x[row + i, column + j, c]
#     for f in range(32):
#         y[row, column, f] += pixel * w[i, j, c, f]
# ```

# %%
lesson.predict("वही गुणनफल, दूसरा क्रम: पहले से कितने गुना तेज़?")
race("f सबसे भीतर", ladder.reordered, "कंपाइल किया हुआ")

# %% [markdown]
# पर हर जोड़ अब भी 288 बार मेमोरी में रखा और उठाया जाता है। tinyseq का अपना फ़ंक्शन एक बार में थोड़े पिक्सेल और फ़िल्टर लेता है; उनके जोड़ पूरे होने तक
# **रजिस्टर** (register) में रहते हैं, यानी प्रोसेसर के भीतर की गिनी-चुनी जगहों में। यह पाँचवाँ प्रोग्राम है: *टाइल*।
#
# ## विनोग्राड: कम गुणा (7 मिनट)
#
# आख़िरी प्रोग्राम गुणा ही कम करता है। चार संख्याओं की पंक्ति d, तीन भारों की खिड़की g: दो आउटपुट, 2 x 3 गुणा। **विनोग्राड की विधि**
# (Winograd's method; 1980, नेटवर्कों में Lavin और Gray, 2015 से) में कम लगते हैं:

# %%
d, g = [1.0, 2.0, 4.0, 3.0], [0.5, -1.0, 2.0]
lesson.predict("कई d के, या कई g के, जोड़ में गुणा नहीं लगता। नीचे कितनी जगह d और g का गुणा है?")
first = (d[0] - d[2]) * g[0]
second = (d[1] + d[2]) * ((g[0] + g[1] + g[2]) / 2)
third = (d[2] - d[1]) * ((g[0] - g[1] + g[2]) / 2)
fourth = (d[1] - d[3]) * g[2]
lesson.compare(len([first, second, third, fourth]))
by_definition = [sum(d[k + i] * g[i] for i in range(3)) for k in range(2)]
print("विनोग्राड:", [first + second + third, second - third - fourth], "परिभाषा:", by_definition)

# %% [markdown]
# first + second + third को खोलकर देखिए: जो परिभाषा में नहीं है, वह कट जाता है। सिर्फ़ g वाला हिसाब सारे चित्रों के लिए एक ही बार होता है। पंक्तियों *और* स्तंभों में: 2 x 2 आउटपुट पर परिभाषा से 4 x 9 = 36 गुणा, और यहाँ
# 4 x 4 = 16. tinyseq एक साथ 4 x 4 आउटपुट बनाता है: 16 x 9 = 144 की जगह 6 x 6 = 36. बदले में जोड़ बढ़ते हैं।

# %%
lesson.predict("छहों में सबसे तेज़ कौन होगा, और Python से कितने गुना?")
race("टाइल", ladder.Tiled(w, ladder.geometry(x, w)), "f सबसे भीतर")
race("विनोग्राड", ladder.Winograd(w, ladder.geometry(x, w)), "टाइल")
lesson.show(plotting.race(paces, "एक ही कनवल्शन, छह प्रोग्राम", language=lesson.language))

# %% [markdown]
# संख्याएँ वही क्यों हैं? सब वही गुणनफल जोड़ते हैं, बस दूसरे क्रम में या दूसरे ढंग से मिलाकर। float32 में लगभग सात अंक होते हैं, और हर क्रम में आख़िरी अंक
# थोड़ा अलग निकलता है: इसलिए `==` नहीं, `allclose`।
#
# ## छत (9 मिनट)
#
# कितना तेज़ हो सकता है? सीमाएँ दो हैं: प्रोसेसर ज़्यादा से ज़्यादा कितने MACs कर सकता है, यानी उसकी **चरम गति** (peak), और मेमोरी कितनी बाइट दे
# सकती है, यानी उसकी **बैंडविड्थ** (bandwidth; GB/s: एक सेकंड में कितनी अरब बाइट)। प्रोग्राम के MACs को उन बाइटों से भाग दीजिए जो उसे पढ़नी या
# लिखनी ही हैं। हर बाइट पर MACs कम हों, तो वह मेमोरी का इंतज़ार करता है; ज़्यादा हों, तो प्रोसेसर का। इसका चित्र **रूफ़लाइन** (roofline) है।

# %%
peak, bandwidth = roofline.peak(), roofline.bandwidth()
lesson.clocked("चरम गति", peak, "GMAC/s")
lesson.clocked("बैंडविड्थ", bandwidth, "GB/s")
lesson.predict("x, w और y एक-एक बार पढ़े या लिखे जाते हैं। हर बाइट पर मोटे तौर पर कितने MACs?")
each = macs / (x.nbytes + w.nbytes + y.nbytes)
lesson.compare(round(each))
picture = np.ones((4000, 4000), dtype=np.float32)
points = {"दो चित्रों का जोड़": (1 / 12, roofline.pace(picture.size, np.add, picture, picture + 1, picture + 2))}
for name in paces:
    points[name] = (each, paces[name])
lesson.predict("दो चित्र जोड़े जाते हैं: एक जोड़ पर 12 बाइट। उसका बिंदु कहाँ होगा? क्या कोई छत से ऊपर हो सकता है?")
lesson.show(plotting.roofline(points, peak, bandwidth, language=lesson.language))

# %% [markdown]
# दो चित्रों का जोड़ ढाल के नीचे है: उसे बेहतर प्रोसेसर नहीं, तेज़ मेमोरी चाहिए, या हर बाइट पर ज़्यादा काम। विनोग्राड छत से ऊपर भी हो सकता है: हम
# परिभाषा के MACs गिनते हैं, और उसे उनके एक-चौथाई गुणा ही करने पड़ते हैं।
#
# ## अभ्यास (9 मिनट)
#
# **1.** 3 चैनल वाले 20 x 20 पिक्सेल पर `Conv2D(8, 5)` में कितने MACs होते हैं?

# %% tags=["exercise"]
answer_1 = None

# %%
lesson.check(answer_1, 16 * 16 * 8 * 5 * 5 * 3)

# %% [markdown]
# **2.** 28 x 28 आउटपुट, 3 x 3 की खिड़कियाँ, एक चैनल, एक फ़िल्टर। परिभाषा से कितने गुणा, और विनोग्राड से 4 x 4 आउटपुट की
# टाइलों में कितने? `(परिभाषा, विनोग्राड)` लिखिए।

# %% tags=["exercise"]
answer_2 = None

# %%
lesson.check(answer_2, (28 * 28 * 9, 7 * 7 * 36))

# %% [markdown]
# **3.** एक प्रोग्राम का 80 % समय कनवल्शन में जाता है। कनवल्शन 4 गुना तेज़ हो गया। पूरा प्रोग्राम कितने गुना तेज़ हुआ?

# %% tags=["exercise"]
answer_3 = None

# %%
lesson.check(answer_3, 1 / (0.2 + 0.8 / 4))

# %% [markdown]
# **4.** चरम गति 50 GMAC/s, बैंडविड्थ 10 GB/s. हर बाइट पर 2 MACs वाला प्रोग्राम ज़्यादा से ज़्यादा कितने GMAC/s करेगा?

# %% tags=["exercise"]
answer_4 = None

# %%
lesson.check(answer_4, min(50, 2 * 10))

# %% [markdown]
# **5.** `numbers` पर 3 की खिड़की चलती है। 8 आउटपुट NumPy से, तीन फेरों में निकालिए।

# %% tags=["exercise"]
numbers, weights = np.array([4, 0, 2, 7, 1, 1, 3, 5, 9, 6]), [1, -2, 1]
answer_5 = None

# %%
lesson.check(answer_5, np.array([sum(numbers[k + i] * weights[i] for i in range(3)) for k in range(8)]))

# %% [markdown]
# ## जाने से पहले
#
# 1. गुणनफल वही हैं, तो लूपों के क्रम से फ़र्क क्यों पड़ता है?
# 2. विनोग्राड की विधि क्या बचाती है, और बदले में क्या लेती है?
# 3. एक प्रोग्राम छत की ढाल पर है। क्या दुगुनी चरम गति वाले प्रोसेसर से उसे फ़ायदा होगा?
#
# आगे: [08_write_your_own_layer_hi](08_write_your_own_layer_hi.ipynb)
