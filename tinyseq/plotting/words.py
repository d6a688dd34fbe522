"""The words on the pictures, in Hindi. The English ones stand in the code; a test holds the two together.

Technical terms follow the classroom: Hindi where a Hindi word is in use, with the English one in brackets where a
reader will meet it in code.
"""

HINDI = {
    "the picture": "चित्र",
    "layer {i}": "परत {i}",
    "all 0": "सब 0",
    "{shown} of {count} filters, {rows}x{columns}": "{count} में से {shown} फ़िल्टर, {rows}x{columns}",
    "blue: negative, white: zero, red: positive": "नीला: ऋणात्मक, सफ़ेद: शून्य, लाल: धनात्मक",
    "What the layers see: {shown} feature maps each, dark = 0, bright = strong": (
        "परतें क्या देखती हैं: हर परत के {shown} फ़ीचर मैप, गहरा = 0, चमकीला = प्रबल"
    ),
    "epoch": "युग (epoch)",
    "loss": "हानि (loss)",
    "accuracy": "सटीकता (accuracy)",
    "training": "प्रशिक्षण",
    "validation": "सत्यापन (validation)",
    "lowest {value:.3f}, epoch {epoch}": "न्यूनतम {value:.3f}, युग {epoch}",
    "highest {value:.3f}, epoch {epoch}": "अधिकतम {value:.3f}, युग {epoch}",
    "Training": "प्रशिक्षण कैसा चला",
    "{wrong} of {count} wrong ({rate:.1%} right), the most certain first": ("{count} में से {wrong} गलत ({rate:.1%} सही), सबसे पक्की भूल पहले"),
    "None of {count} wrong": "{count} में से एक भी गलत नहीं",
    "says {predicted} ({probability:.0%})\nis {true} ({chance:.0%})": ("कहा {predicted} ({probability:.0%})\nथा {true} ({chance:.0%})"),
    "How the picture shrinks (squares to scale, depth = channels, blue = parameters)": (
        "चित्र कैसे सिकुड़ता है (वर्ग पैमाने पर, मोटाई = चैनल, नीला = पैरामीटर)"
    ),
    "broken": "टूटा",
    "not reached": "यहाँ तक नहीं पहुँचे",
    "input cells": "इनपुट के खाने",
    "window {i}": "खिड़की {i}",
    "0: added zeros (padding)": "0: जोड़े गए शून्य (padding)",
    "only the last {count} cells are drawn": "सिर्फ़ आख़िरी {count} खाने दिखाए हैं",
    "never read": "कभी नहीं पढ़ा गया",
    "{output} windows of {window} on {size} cells, stride {stride}, padding {padding}": (
        "{size} खानों पर {window} की {output} खिड़कियाँ, कदम (stride) {stride}, padding {padding}"
    ),
    "how many windows read each pixel": "हर पिक्सेल को कितनी खिड़कियाँ पढ़ती हैं",
    "{count} of {total} pixels are never read": "{total} में से {count} पिक्सेल कभी नहीं पढ़े जाते",
}
