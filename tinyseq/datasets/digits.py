"""1,797 real handwritten digits, 8 x 8 pixels, inside the package: no network, 46 kB.

Source: the test part of "Optical Recognition of Handwritten Digits", E. Alpaydin and C. Kaynak (1998), UCI Machine
Learning Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0; taken unchanged from scikit-learn 1.9.1
(load_digits). Each pixel counts the dark points (0 paper ... 16 ink) in a 4 x 4 block of a 32 x 32 scan.

Thirteen people copied a printed form of 130 digits, and the rows are ordered by form. `load_data` keeps whole forms
together: the tests come from forms that were not trained on. A split that mixes the rows is easier, because every
test digit then has neighbours in the same handwriting. Not recorded: there are fourteen forms, so one person
filled in two, and it is unknown who. One handwriting may be on both sides (no test form is as similar to a training form as the tenth and
the eleventh, both for training, are to each other).
"""

import numpy as np

from tinyseq.datasets.embedded import Split, read

TEST_FORMS = 3  # of 14, the last ones: 382 of the 1,797 digits


def load_data() -> Split:
    """-> (x_train, y_train), (x_test, y_test): (1415, 8, 8), (1415,), (382, 8, 8), (382,), all uint8.

    Images hold 0 (paper) to 16 (ink): divide by 16 before training. Labels are 0 to 9. Rows keep the order in which
    they were written, form by form, so `fit(validation_split=...)`, which takes the last rows, validates on whole
    forms too.

    >>> (x_train, y_train), (x_test, y_test) = load_data()
    >>> x_train.shape, int(x_train.max()), y_train[:10].tolist()
    ((1415, 8, 8), 16, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    data = read("digits.npz")
    images, labels = data["images"], data["labels"]
    cut = int(data["form_starts"][-TEST_FORMS])
    train, test = np.s_[:cut], np.s_[cut:]
    return (images[train], labels[train]), (images[test], labels[test])
