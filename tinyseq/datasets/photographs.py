"""A real colour photograph inside the package, of the input size of the guide's convnet: no network, 150 kB.

Source: portrait of Eileen Collins, NASA, public domain (NASA Great Images; https://flic.kr/p/r9qvLn), as scikit-image
0.26.0 has it (`skimage.data.astronaut`): its middle 500 x 500 pixels, every 2 x 2 block averaged.
"""

from tinyseq.datasets.embedded import Array, read


def astronaut() -> Array:
    """-> (250, 250, 3) uint8: height, width, and red, green, blue from 0 to 255.

    >>> astronaut().shape
    (250, 250, 3)
    """
    return read("astronaut.npz")["image"]
