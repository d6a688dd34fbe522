"""The same names for type checkers and editors."""

from tinyseq.kernels import dense as dense
from tinyseq.kernels import embedding as embedding
from tinyseq.kernels import optimizer as optimizer
from tinyseq.kernels.convolution import depthwise as depthwise
from tinyseq.kernels.convolution import direct as direct
from tinyseq.kernels.convolution import strided_winograd as strided_winograd
from tinyseq.kernels.convolution import winograd as winograd
from tinyseq.kernels.convolution.before_pooling import gradient_before_pooling as gradient_before_pooling
from tinyseq.kernels.elementwise import activation as activation
from tinyseq.kernels.elementwise import bounds as bounds
from tinyseq.kernels.elementwise import dropout as dropout
from tinyseq.kernels.elementwise import math as math
from tinyseq.kernels.elementwise import merging as merging
from tinyseq.kernels.elementwise import philox as philox
from tinyseq.kernels.elementwise import piecewise as piecewise
from tinyseq.kernels.elementwise import preprocessing as preprocessing
from tinyseq.kernels.elementwise import smooth as smooth
from tinyseq.kernels.movement import copying as copying
from tinyseq.kernels.movement import reshaping as reshaping
from tinyseq.kernels.movement import strided_copy as strided_copy
from tinyseq.kernels.normalization import batch_normalization as batch_normalization
from tinyseq.kernels.normalization import batch_statistics as batch_statistics
from tinyseq.kernels.normalization import layer_normalization as layer_normalization
from tinyseq.kernels.pooling import windows as windows
