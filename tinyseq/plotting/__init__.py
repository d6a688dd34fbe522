"""Pictures of what a network does, each a matplotlib figure; a path saves it too.

    feature_maps(activations)                    what a layer sees in a picture
    filters(kernel)                              the weights of a convolution
    training_curves(history)                     loss and accuracy over the epochs
    mistakes(images, labels, probabilities)      the pictures that a classifier got wrong
    shape_flow(model or table)                   how feature maps shrink, drawn to scale
    padding_and_stride(size, window, ...)        where a window stops, cell by cell

Every function takes `path=` (file to write, .png, .svg or .pdf) and `language=` ("en" or "hi"). Importing this
package imports matplotlib; nothing else in tinyseq does. No figure touches pyplot's state, so pictures can be made in
any thread.
"""

from tinyseq.plotting.canvas import Picture
from tinyseq.plotting.curves import training_curves
from tinyseq.plotting.flow import shape_flow
from tinyseq.plotting.fonts import devanagari_font
from tinyseq.plotting.maps import feature_maps, filters
from tinyseq.plotting.mistakes import mistakes
from tinyseq.plotting.windows import padding_and_stride

__all__ = [
    "Picture",
    "devanagari_font",
    "feature_maps",
    "filters",
    "mistakes",
    "padding_and_stride",
    "shape_flow",
    "training_curves",
]
