# What editors and mypy see of the package: the test in tests/shapecheck/test_families.py holds it against PLACES.
# ruff: noqa: I001
from shapecheck.layers.base import Rule
from shapecheck.layers.activation import (
    Activation as Activation, ELU as ELU, LeakyReLU as LeakyReLU, PReLU as PReLU, ReLU as ReLU,
    Softmax as Softmax, ThresholdedReLU as ThresholdedReLU,
)
from shapecheck.layers.attention import (
    AdditiveAttention as AdditiveAttention, Attention as Attention,
    MultiHeadAttention as MultiHeadAttention,
)
from shapecheck.layers.padding import (
    Cropping1D as Cropping1D,
    Cropping2D as Cropping2D,
    Cropping3D as Cropping3D,
    UpSampling1D as UpSampling1D,
    UpSampling2D as UpSampling2D,
    UpSampling3D as UpSampling3D,
    ZeroPadding1D as ZeroPadding1D,
    ZeroPadding2D as ZeroPadding2D,
    ZeroPadding3D as ZeroPadding3D,
)
from shapecheck.layers.convolution import Conv1D as Conv1D, Conv2D as Conv2D, Conv3D as Conv3D
from shapecheck.layers.convolution_recurrent import (
    ConvLSTM1D as ConvLSTM1D, ConvLSTM2D as ConvLSTM2D, ConvLSTM3D as ConvLSTM3D,
)
from shapecheck.layers.core import (
    Identity as Identity, InputLayer as InputLayer, Lambda as Lambda, Masking as Masking,
)
from shapecheck.layers.dense import Dense as Dense
from shapecheck.layers.depthwise import (
    DepthwiseConv1D as DepthwiseConv1D, DepthwiseConv2D as DepthwiseConv2D,
    SeparableConv1D as SeparableConv1D, SeparableConv2D as SeparableConv2D,
)
from shapecheck.layers.embedding import Embedding as Embedding
from shapecheck.layers.images import (
    CenterCrop as CenterCrop, RandomBrightness as RandomBrightness, RandomContrast as RandomContrast,
    RandomCrop as RandomCrop, RandomFlip as RandomFlip, RandomHeight as RandomHeight,
    RandomRotation as RandomRotation, RandomTranslation as RandomTranslation, RandomWidth as RandomWidth,
    RandomZoom as RandomZoom, Resizing as Resizing,
)
from shapecheck.layers.merging import (
    Add as Add, Average as Average, Concatenate as Concatenate, Dot as Dot, Maximum as Maximum,
    Minimum as Minimum, Multiply as Multiply, Subtract as Subtract,
)
from shapecheck.layers.normalization import (
    BatchNormalization as BatchNormalization, GroupNormalization as GroupNormalization,
    LayerNormalization as LayerNormalization, RMSNormalization as RMSNormalization, UnitNormalization as UnitNormalization,
)
from shapecheck.layers.pooling import (
    AveragePooling1D as AveragePooling1D, AveragePooling2D as AveragePooling2D,
    AveragePooling3D as AveragePooling3D, GlobalAveragePooling1D as GlobalAveragePooling1D,
    GlobalAveragePooling2D as GlobalAveragePooling2D, GlobalAveragePooling3D as GlobalAveragePooling3D,
    GlobalMaxPooling1D as GlobalMaxPooling1D, GlobalMaxPooling2D as GlobalMaxPooling2D,
    GlobalMaxPooling3D as GlobalMaxPooling3D, MaxPooling1D as MaxPooling1D, MaxPooling2D as MaxPooling2D,
    MaxPooling3D as MaxPooling3D,
)
from shapecheck.layers.preprocessing import Normalization as Normalization, Rescaling as Rescaling
from shapecheck.layers.recurrent import (
    GRU as GRU, GRUCell as GRUCell, LSTM as LSTM, LSTMCell as LSTMCell, RNN as RNN, SimpleRNN as SimpleRNN,
    SimpleRNNCell as SimpleRNNCell, StackedRNNCells as StackedRNNCells,
)
from shapecheck.layers.regularization import (
    ActivityRegularization as ActivityRegularization, AlphaDropout as AlphaDropout, Dropout as Dropout,
    GaussianDropout as GaussianDropout, GaussianNoise as GaussianNoise,
    SpatialDropout1D as SpatialDropout1D, SpatialDropout2D as SpatialDropout2D,
    SpatialDropout3D as SpatialDropout3D,
)
from shapecheck.layers.reshaping import (
    Flatten as Flatten, Permute as Permute, RepeatVector as RepeatVector, Reshape as Reshape,
)
from shapecheck.layers.transposed import (
    Conv1DTranspose as Conv1DTranspose, Conv2DTranspose as Conv2DTranspose,
    Conv3DTranspose as Conv3DTranspose,
)
from shapecheck.layers.text_preprocessing import (
    CategoryEncoding as CategoryEncoding,
    Discretization as Discretization,
    Hashing as Hashing,
    IntegerLookup as IntegerLookup,
    StringLookup as StringLookup,
    TextVectorization as TextVectorization,
)
from shapecheck.layers.wrappers import (
    Bidirectional as Bidirectional,
    SpectralNormalization as SpectralNormalization,
    TimeDistributed as TimeDistributed,
)
from shapecheck.layers.spectrograms import MelSpectrogram as MelSpectrogram, STFTSpectrogram as STFTSpectrogram
from shapecheck.layers.families import ALIASES as ALIASES, FAMILIES as FAMILIES, HOME as HOME, MERGES as MERGES, PLACES as PLACES
from shapecheck.layers.einsum import (
    EinsumDense as EinsumDense,
)
from shapecheck.layers.adaptive_pooling import (
    AdaptiveMaxPooling1D as AdaptiveMaxPooling1D,
    AdaptiveMaxPooling2D as AdaptiveMaxPooling2D,
    AdaptiveMaxPooling3D as AdaptiveMaxPooling3D,
    AdaptiveAveragePooling1D as AdaptiveAveragePooling1D,
    AdaptiveAveragePooling2D as AdaptiveAveragePooling2D,
    AdaptiveAveragePooling3D as AdaptiveAveragePooling3D,
)
from shapecheck.layers.grouped_attention import (
    GroupedQueryAttention as GroupedQueryAttention,
)
from shapecheck.layers.image_colours import (
    AutoContrast as AutoContrast,
    Equalization as Equalization,
    ContrastLimitedAdaptiveHistogramEqualization as ContrastLimitedAdaptiveHistogramEqualization,
    Solarization as Solarization,
    RandomGrayscale as RandomGrayscale,
    RandomHue as RandomHue,
    RandomSaturation as RandomSaturation,
    RandomInvert as RandomInvert,
    RandomPosterization as RandomPosterization,
    RandomColorDegeneration as RandomColorDegeneration,
    RandomColorJitter as RandomColorJitter,
)
from shapecheck.layers.image_places import (
    RandomSharpness as RandomSharpness,
    RandomGaussianBlur as RandomGaussianBlur,
    RandomErasing as RandomErasing,
    RandomShear as RandomShear,
    RandomPerspective as RandomPerspective,
    RandomElasticTransform as RandomElasticTransform,
    MixUp as MixUp,
    CutMix as CutMix,
)
from shapecheck.layers.augmenting import (
    RandAugment as RandAugment,
    AugMix as AugMix,
    MaxNumBoundingBoxes as MaxNumBoundingBoxes,
)
from shapecheck.layers.embedding import (
    ReversibleEmbedding as ReversibleEmbedding,
)
from shapecheck.layers.crossing import (
    HashedCrossing as HashedCrossing,
)
from shapecheck.layers.wrappers import (
    Pipeline as Pipeline,
)

def find(name: str) -> type[Rule] | None: ...
