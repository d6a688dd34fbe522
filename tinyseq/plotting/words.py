"""The words on the pictures, in Hindi. The English ones are in the code; a test checks that both match.

Technical terms follow the lessons' glossary: आकृति is shape, माप is size; the English word in brackets where a reader meets it in code.
"""

HINDI = {
    "the picture": "चित्र",
    "layer {i}": "परत {i}",
    "all 0": "सब 0",
    "red": "लाल",
    "green": "हरा",
    "blue": "नीला",
    "Feature maps: dark = 0, bright = the largest value of each map": "फ़ीचर मैप: गहरा = 0, चमकीला = उसी मैप का सबसे बड़ा मान",
    "Feature maps: dark = 0, bright = the largest value of all maps": "फ़ीचर मैप: गहरा = 0, चमकीला = सब मैपों का सबसे बड़ा मान",
    "{name}: largest value {high:.2f}, {dead} of {count} maps all 0": "{name}: सबसे बड़ा मान {high:.2f}, {count} में से {dead} मैप पूरे 0",
    "{shown} of {count} filters, {rows}x{columns}: black negative, grey 0, white positive": (
        "{count} में से {shown} फ़िल्टर, {rows}x{columns}: काला ऋणात्मक, धूसर 0, सफ़ेद धनात्मक"
    ),
    "{shown} filters of {rows}x{columns}; smallest weight {low:.2f}, largest {high:.2f}.": (
        "{rows}x{columns} के {shown} फ़िल्टर; सबसे छोटा भार {low:.2f}, सबसे बड़ा {high:.2f}."
    ),
    "bar: mean; line: its 95 % interval; dots: single runs": "पट्टी: औसत; रेखा: औसत का 95 % अंतराल; बिंदु: एक-एक बार का नतीजा",
    "{factor} times": "{factor} गुना",
    "GMAC/s: thousand million multiply-adds in a second": "GMAC/s: एक सेकंड में कितने अरब गुणा-जोड़",
    "GMAC/s": "GMAC/s",
    "multiply-adds for each byte of memory": "मेमोरी की हर बाइट पर कितने गुणा-जोड़",
    "roof: at most {peak:.3g} GMAC/s, and {bandwidth:.3g} GB/s of memory\nhatched: above the roof": (
        "छत: ज़्यादा से ज़्यादा {peak:.3g} GMAC/s, और मेमोरी से {bandwidth:.3g} GB/s\nधारीदार: छत से ऊपर"
    ),
    "{name}: {pace:.3g} GMAC/s with {x:.3g} for each byte": "{name}: {pace:.3g} GMAC/s, हर बाइट पर {x:.3g}",
    "epoch": "epoch",
    "loss": "हानि (loss)",
    "accuracy": "सटीकता (accuracy)",
    "training": "प्रशिक्षण (training)",
    "validation": "जाँच (validation)",
    "ring: lowest {value:.3f}, epoch {epoch}": "घेरा: न्यूनतम {value:.3f}, epoch {epoch}",
    "ring: highest {value:.3f}, epoch {epoch}": "घेरा: अधिकतम {value:.3f}, epoch {epoch}",
    "{metric} over {count} epochs: from {first:.3f} to {last:.3f}.": "{count} epoch में {metric}: {first:.3f} से {last:.3f} तक.",
    "{wrong} of {count} wrong ({rate:.1%} right); first those of which the model was most certain": (
        "{count} में से {wrong} गलत ({rate:.1%} सही); जिनमें मॉडल सबसे आश्वस्त था, वे पहले"
    ),
    "None of {count} wrong": "{count} में से एक भी गलत नहीं",
    "model: {said} ({chance:.0%})": "मॉडल: {said} ({chance:.0%})",
    "right: {said} ({chance:.0%})": "सही: {said} ({chance:.0%})",
    "How the picture shrinks: squares and rectangles to scale, bars not": "चित्र कैसे सिकुड़ता है: वर्ग और आयत पैमाने पर हैं, पट्टियाँ नहीं",
    "data that come in": "इनपुट (input)",
    "without parameters": "बिना पैरामीटर की परत",
    "with parameters (their number is above)": "पैरामीटर वाली परत (गिनती ऊपर)",
    "does not fit": "यहाँ गलती",
    "not reached": "यहाँ तक नहीं पहुँचे",
    "input cells": "इनपुट के खाने",
    "window {i}": "खिड़की {i}",
    "hatched, without a number: {count} added zeros (padding)": "धारीदार, बिना संख्या के: जोड़े गए {count} शून्य (padding)",
    "only the last {count} cells are drawn": "सिर्फ़ आख़िरी {count} खाने दिखाए हैं",
    "crossed: cells that no window reads: {cells}": "जालीदार: वे खाने जिन्हें कोई खिड़की नहीं पढ़ती: {cells}",
    "{output} windows of {window} on {size} cells, stride {stride}, padding {padding}": (
        "{size} खानों पर {window} की {output} खिड़कियाँ, कदम (stride) {stride}, padding {padding}"
    ),
    "how many windows read each pixel": "हर पिक्सेल को कितनी खिड़कियाँ पढ़ती हैं",
    "{count} of {total} pixels are never read": "{total} में से {count} पिक्सेल कभी नहीं पढ़े जाते",
}
