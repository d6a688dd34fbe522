"""Ten questions that a student must be able to answer after lessons 0 to 3: where the reason stands, in both languages.

The questions come with their own numbers, which no lesson works out (28 -> 26, 121 -> 40, 9248, a call on one row of 4).
"""

import re

import pytest

from tests.tutorials.notebooks import ENGLISH, hindi, read

ANSWERS = {
    "why a window of 3 makes 28 rows 26": (0, "leave 8 - 3 + 1 = 6 stops", "8 - 3 + 1 = 6 पड़ाव होते हैं"),
    "why pooling of 3 on 121 rows gives 40": (2, "its stride *is* its window", "उसका कदम उसकी खिड़की *ही* है"),
    "which factors 9248 has": (2, "(rows x columns x channels in + 1) x filters", "(पंक्तियाँ x स्तंभ x इनपुट के चैनल + 1) x फ़िल्टर"),
    "what None means": (1, "an open size is written **None**: any number fits", "खुले माप की जगह **None** लिखा जाता है: कोई भी गिनती चलेगी"),
    "why a table shows one row": (
        1,
        "The table shows what the model has seen, and it has seen one row",
        "तालिका वही दिखाती है जो मॉडल ने देखा है",
    ),
    "how many zeros same adds, and where": (2, "the extra zero comes last, at the right and at the bottom", "बचा हुआ एक शून्य अंत में लगता है"),
    "why Flatten needs a size": (
        2,
        "A larger picture has more numbers, so it would need other weights",
        "उसे दूसरे भार चाहिए होंगे: इसलिए माप तय होना चाहिए",
    ),
    "where the labels' shape must match": (
        3,
        "labels have the shape of the output; with *sparse*",
        "लेबलों की आकृति वही हो जो आउटपुट की है; *sparse* हो",
    ),
    "what freezing changes": (1, "changes only those of the other layers", "सिर्फ़ बाकी परतों के भार बदलता है"),
    "where a NaN comes from": (3, "Hunt in this order: 1. the data", "इस क्रम से ढूँढिए: 1. डेटा"),
}
KNOWN = (r"\b28\b[^\n]*\b26\b", r"\b121\b[^\n]*\b40\b", r"\b9,?248\b", r"3 x 3 x 32 x 32")


@pytest.mark.parametrize("question", ANSWERS)
def test_the_reason_stands_in_the_lesson_in_both_languages(question: str) -> None:
    number, *quotes = ANSWERS[question]
    for source, quote in zip((ENGLISH[number], hindi(ENGLISH[number])), quotes, strict=True):
        text = " ".join(word for cell in read(source).cells if cell.cell_type == "markdown" for word in cell.source.split())
        assert quote in text, source.name


@pytest.mark.parametrize("source", [*ENGLISH[:4], *map(hindi, ENGLISH[:4])], ids=lambda source: source.stem)
def test_no_lesson_works_out_the_questions_own_numbers(source: object) -> None:
    cells = [cell.source for cell in read(source).cells]  # type: ignore[arg-type]
    assert [(pattern, text) for pattern in KNOWN for text in cells if re.search(pattern, text)] == []
