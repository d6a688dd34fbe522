"""Pictures of networks: each function draws on matplotlib Axes and returns them.

    feature_maps(activations)                    the output of a layer for an image
    filters(kernel)                              the weights of a convolution
    training_curves(history, metric)             loss or accuracy over the epochs
    LiveCurves()                                 a callback that redraws them in a notebook while fit runs
    runs({name: results}), interval(results)     results of several runs: means, and how sure they are
    race({name: pace})                            how fast programs compute, on a scale of factors
    roofline({name: ...}, peak, bandwidth)        the same programs under the roof of a machine
    pictures(images, captions)                   images side by side, with their numbers if you like
    mistakes(images, labels, probabilities)      the images that a classifier got wrong
    shape_flow(model or table)                   how feature maps shrink, drawn to scale
    padding_and_stride(size, window, ...)        the positions of a window, cell by cell

Every function takes `axes=` (none: a new picture), `path=` (file to write, .png, .svg or .pdf) and `language=` ("en" or
"hi"). `show(axes)` shows the picture in a notebook and writes it from a script, `save(axes, path)` writes it, and
`alt_text(axes)` describes it in words and numbers. Importing this package imports matplotlib; nothing else in
tinyseq does. No function uses pyplot's state, so pictures can be drawn in any thread.
"""

from tinyseq.plotting.canvas import Picture, alt_text, save, show
from tinyseq.plotting.curves import training_curves
from tinyseq.plotting.flow import shape_flow
from tinyseq.plotting.fonts import devanagari_font
from tinyseq.plotting.images import mistakes, pictures
from tinyseq.plotting.live import LiveCurves
from tinyseq.plotting.maps import feature_maps, filters
from tinyseq.plotting.runs import interval, runs
from tinyseq.plotting.speed import race, roofline
from tinyseq.plotting.windows import padding_and_stride

__all__ = [
    "LiveCurves",
    "Picture",
    "alt_text",
    "devanagari_font",
    "feature_maps",
    "filters",
    "interval",
    "mistakes",
    "padding_and_stride",
    "pictures",
    "race",
    "roofline",
    "runs",
    "save",
    "shape_flow",
    "show",
    "training_curves",
]
