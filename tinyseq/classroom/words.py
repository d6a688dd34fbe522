"""The texts of a lesson, in English and Hindi."""

from typing import Any

WORDS = {
    "en": {
        "predict": "Predict:",
        "answer": "your prediction (Enter skips):",
        "guess": "you predicted:",
        "came out": "it is:",
        "agreed": "- as you predicted",
        "unanswered": "not answered yet: write your answer in the cell above, run it, then run this one",
        "right": "right",
        "not yet": "not yet:",
        "other": "another answer is right",
        "no number": "the answer must be a number",
        "no sequence": "the answer must be several values in brackets, for example (1, 2)",
        "no array": "the answer must be numbers",
        "too large": "too large",
        "too small": "too small",
        "too many": "the answer has too many values",
        "too few": "the answer has too few values",
        "place": "value {place} of your answer: {off}",
        "shape": "the shape {shape} is not the requested one",
        "numbers": "{wrong} of {count} numbers are wrong, the first at {first}",
        "measured": "{what}: {value} (other seeds: {low} to {high})",
        "clocked": "{what}: {value} {unit} (timed on this machine)",
        "no model": "the answer must be a model",
        "no shapes": "the model has no shapes yet: begin it with keras.Input(shape=...)",
        "input shape": "input shape: {off}",
        "output shape": "output shape: {off}",
        "parameters": "number of parameters: {off}",
        "trainable": "number of parameters that can change: {off}",
        "gradient": "backward is not the gradient of forward: {where}",
        "broken layer": "the layer does not compute: {error}",
        "no class": "the answer must be a layer class, without brackets",
        "outside": "That is outside the range of ten seeds: did you change something?",
    },
    "hi": {
        "predict": "अनुमान लगाइए:",
        "answer": "आपका अनुमान (Enter दबाएँ तो छूट जाएगा):",
        "guess": "आपका अनुमान:",
        "came out": "निकला:",
        "agreed": "- आपका अनुमान सही था",
        "unanswered": "अभी उत्तर नहीं दिया: ऊपर के सेल में उत्तर लिखिए, उसे चलाइए, फिर इसे चलाइए",
        "right": "सही",
        "not yet": "अभी नहीं:",
        "other": "सही उत्तर कुछ और है",
        "no number": "उत्तर में एक संख्या चाहिए",
        "no sequence": "कोष्ठक में कई मान चाहिए, जैसे (1, 2)",
        "no array": "उत्तर में संख्याएँ चाहिए",
        "too large": "ज़्यादा है",
        "too small": "कम है",
        "too many": "मान ज़रूरत से ज़्यादा हैं",
        "too few": "उत्तर में मानों की गिनती कम है",
        "place": "आपके उत्तर का मान {place}: {off}",
        "shape": "आकृति {shape} वह नहीं है जो माँगी गई थी",
        "numbers": "{count} में से {wrong} संख्याएँ गलत हैं, पहली {first} पर",
        "measured": "{what}: {value} (दूसरे सीड लेने पर: {low} से {high})",
        "clocked": "{what}: {value} {unit} (इसी मशीन पर नापा गया)",
        "no model": "उत्तर में मॉडल चाहिए",
        "no shapes": "मॉडल की आकृतियाँ अभी तय नहीं हैं: उसे keras.Input(shape=...) से शुरू कीजिए",
        "input shape": "इनपुट की आकृति: {off}",
        "output shape": "आउटपुट की आकृति: {off}",
        "parameters": "पैरामीटरों की गिनती: {off}",
        "trainable": "बदल सकने वाले पैरामीटरों की गिनती: {off}",
        "gradient": "backward, forward का ग्रेडिएंट नहीं है: {where}",
        "broken layer": "परत नहीं चलती: {error}",
        "no class": "उत्तर में परत की class चाहिए, बिना कोष्ठक के",
        "outside": "दस सीड से यहाँ जो निकला था, यह उससे बाहर है: क्या आपने कुछ बदला है?",
    },
}


def said(language: str, key: str, **values: Any) -> str:
    """A sentence in "en" or "hi", with {names} filled in."""
    if language not in WORDS:
        raise ValueError(f'language must be "en" or "hi", got {language!r}')
    return WORDS[language][key].format(**values)
