"""1,500 Devanagari digits (०१२३४५६७८९), 28 x 28 pixels, inside the package: no network, 159 kB.

They are drawn from fonts, each turned, sheared, scaled and moved by chance: printed digits, not handwriting. 300 each come from Baloo 2,
Mukta and Noto Sans Devanagari; the tests, 600, come from Kalam, a family that imitates handwriting, so a model is tested on shapes that
it has not seen. tests/assets/make_devanagari.py draws them; the fonts (SIL Open Font License 1.1) are not part of the package.
"""

from tinyseq.datasets.embedded import Split, read

TEST_FAMILY = 3
"""Kalam."""


def load_data() -> Split:
    """-> (x_train, y_train), (x_test, y_test): (900, 28, 28), (900,), (600, 28, 28), (600,), all uint8.

    White ink (255) on black (0), as in MNIST. Rows 0 to 299 are Baloo 2, 300 to 599 Mukta, 600 to 899 Noto Sans Devanagari; in each the
    labels go 0, 1, ... 9, 0, 1 and so on. `fit(validation_split=1 / 3)` validates on a family that it does not train on.

    >>> (x_train, y_train), (x_test, y_test) = load_data()
    >>> x_train.shape, int(x_train.max()), y_test[:10].tolist()
    ((900, 28, 28), 255, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    data = read("devanagari.npz")
    images, labels, tested = data["images"], data["labels"], data["families"] == TEST_FAMILY
    return (images[~tested], labels[~tested]), (images[tested], labels[tested])
