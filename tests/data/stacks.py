"""Whole Sequential stacks as people write them: elements as source text, and how to spell them as a script.

A name may stand for several variants: {a|b} in an element gives one stack for each alternative, taken together with
the alternatives of the same place in other elements. Nothing is imported: the stacks are text.
"""

# ruff: noqa: E501  (one stack a line)

import re

STACKS: dict[str, str] = {
    "mlp on pictures": "Input((784,)); Dense({512|128|30}, activation='relu'); Dropout(0.2); Dense({256|64|15}, activation='relu'); Dense(10, activation='softmax')",
    "mlp with flatten": "Input((28, 28)); Flatten(); Dense({128|300|64}, activation='relu'); Dense({128|100|32}, activation='{relu|elu|tanh}'); Dense(10, activation='softmax')",
    "diabetes": "Input((8,)); Dense({12|16|8}, activation='relu'); Dense({8|12|4}, activation='relu'); Dense(1, activation='sigmoid')",
    "house prices": "Input(({13|8|404},)); Dense(64, activation='relu'); Dense(64, activation='relu'); Dense(1)",
    "selu net": "Input((28, 28)); Flatten(); Dense({100|75}, kernel_initializer='lecun_normal', activation='selu'); AlphaDropout(0.1); Dense(10)",
    "normalized mlp": "Input((20,)); BatchNormalization(); Dense({64|33}, use_bias=False); BatchNormalization(); Activation('relu'); Dense(4, activation='softmax')",
    "layer norm mlp": "Input((6, 5)); LayerNormalization(); Dense(16); LeakyReLU(); Flatten(); UnitNormalization(); Dense(3)",
    "prelu mlp": "Input((11,)); Dense(17); PReLU(); GaussianNoise(0.1); Dense(5); ELU(); Dense(3); Softmax()",
    "digits convnet": "Input((28, 28, 1)); Conv2D({32|16|8}, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Conv2D(64, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Flatten(); Dropout(0.5); Dense(10, activation='softmax')",
    "cifar convnet": "Input((32, 32, 3)); Conv2D(32, 3, padding='same', activation='relu'); Conv2D({32|48}, 3, activation='relu'); MaxPooling2D(); Dropout(0.25); Conv2D(64, 3, padding='same', activation='relu'); Conv2D(64, 3, activation='relu'); MaxPooling2D(pool_size=(2, 2)); Dropout(0.25); Flatten(); Dense(512, activation='relu'); Dense(10)",
    "cats and dogs": "Input((150, 150, 3)); Conv2D(32, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Conv2D(64, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Conv2D({128|64}, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Conv2D(128, (3, 3), activation='relu'); MaxPooling2D((2, 2)); Flatten(); Dense({64|32}, activation='relu'); Dense(1, activation='sigmoid')",
    "rescaled flowers": "Input((180, 180, 3)); Rescaling(1./255); Conv2D(16, 3, padding='same', activation='relu'); MaxPooling2D(); Conv2D(32, 3, padding='same', activation='relu'); MaxPooling2D(); Conv2D(64, 3, padding='same', activation='relu'); MaxPooling2D({2|3}); Flatten(); Dense(16, activation='relu'); Dense(5)",
    "augmented": "Input((64, 64, 3)); RandomFlip('horizontal'); RandomRotation(0.1); RandomZoom(0.1); Rescaling(1./127.5, offset=-1); Conv2D({24|20}, 5, strides=2, activation='relu'); GlobalAveragePooling2D(); Dense(2)",
    "lenet": "Input(({32|28}, {32|28}, 1)); Conv2D(6, 5, activation='tanh'); AveragePooling2D(2); Conv2D(16, 5, activation='tanh'); AveragePooling2D(2); Flatten(); Dense(120, activation='tanh'); Dense(84, activation='tanh'); Dense(10, activation='softmax')",
    "alexnet in small": "Input((227, 227, 3)); Conv2D(24, 11, strides=4, activation='relu'); MaxPooling2D(3, strides=2); Conv2D(32, 5, padding='same', activation='relu'); MaxPooling2D(3, strides=2); Conv2D(48, 3, padding='same'); MaxPooling2D(3, strides=2); Flatten(); Dense(64); Dense(10)",
    "vgg blocks": "Input(({64|48}, {64|48}, 3)); Conv2D(16, 3, padding='same', activation='relu'); Conv2D(16, 3, padding='same', activation='relu'); MaxPooling2D(2, strides=2); Conv2D(32, 3, padding='same', activation='relu'); Conv2D(32, 3, padding='same', activation='relu'); MaxPooling2D(2, strides=2); Conv2D(64, 3, padding='same'); MaxPooling2D(2, strides=2); Flatten(); Dense(50); Dropout(0.5); Dense(7, activation='softmax')",
    "conv bn": "Input((48, 40, 3)); Conv2D(12, 3, use_bias=False); BatchNormalization(); ReLU(); MaxPooling2D(2); Conv2D(20, 3, use_bias=False); BatchNormalization(scale={False|True}); Activation('relu'); GlobalMaxPooling2D(); Dense(4)",
    "depthwise net": "Input((33, 35, 3)); Conv2D(8, 3, strides=2, padding='same'); DepthwiseConv2D(3, padding='same'); BatchNormalization(); ReLU(6.); Conv2D(16, 1); DepthwiseConv2D(3, strides=2, depth_multiplier={1|2}); Conv2D(24, 1); GlobalAveragePooling2D(); Dense(6)",
    "separable net": "Input((40, 40, 3)); SeparableConv2D(16, 3, activation='relu'); SeparableConv2D({32|24}, 3, activation='relu'); MaxPooling2D(2); SeparableConv2D(48, 3, padding='same'); GlobalAveragePooling2D(); Dense(8)",
    "padded and cropped": "Input((15, 17, 2)); ZeroPadding2D(padding=(1, 2)); Conv2D(6, (3, 5)); Cropping2D(((1, 0), (2, 3))); UpSampling2D((2, 3)); SpatialDropout2D(0.2); GlobalMaxPooling2D(keepdims=True); Flatten(); Dense(3)",
    "dilated": "Input((None, None, 3)); Conv2D(8, 3, dilation_rate=2); Conv2D({8|4}, 3, dilation_rate=(1, 3), padding='same'); Conv2D(1, 1, activation='sigmoid')",
    "grouped": "Input((19, 21, 6)); Conv2D(12, 3, groups={2|3}); GroupNormalization(groups=4); Conv2D(18, 3, groups=6, strides=2); GlobalAveragePooling2D(); Dense(5)",
    "dcgan generator": "Input((100,)); Dense(7 * 7 * {64|32}, use_bias=False); BatchNormalization(); LeakyReLU(); Reshape((7, 7, {64|32})); Conv2DTranspose(32, (5, 5), strides=(1, 1), padding='same', use_bias=False); BatchNormalization(); LeakyReLU(); Conv2DTranspose(16, (5, 5), strides=(2, 2), padding='same', use_bias=False); BatchNormalization(); LeakyReLU(); Conv2DTranspose(1, (5, 5), strides=(2, 2), padding='same', use_bias=False, activation='tanh')",
    "dcgan discriminator": "Input((28, 28, {1|3})); Conv2D(64, (5, 5), strides=(2, 2), padding='same'); LeakyReLU(); Dropout(0.3); Conv2D(128, (5, 5), strides=(2, 2), padding='same'); LeakyReLU(0.2); Dropout(0.3); Flatten(); Dense(1)",
    "gan on vectors": "Input((30,)); Dense({100|256}); LeakyReLU(negative_slope=0.2); BatchNormalization(momentum=0.8); Dense(784, activation='tanh'); Reshape((28, 28, 1))",
    "dense autoencoder": "Input((28, 28)); Flatten(); Dense({100|64}, activation='selu'); Dense({30|16}, activation='selu'); Dense(100, activation='selu'); Dense(28 * 28, activation='sigmoid'); Reshape([28, 28])",
    "conv autoencoder": "Input((28, 28, 1)); Conv2D({16|24}, 3, activation='relu', padding='same', strides=2); Conv2D(8, 3, activation='relu', padding='same', strides=2); Conv2DTranspose(8, kernel_size=3, strides=2, activation='relu', padding='same'); Conv2DTranspose(16, kernel_size=3, strides=2, activation='relu', padding='same'); Conv2D(1, kernel_size=(3, 3), activation='sigmoid', padding='same')",
    "upsampling autoencoder": "Input((28, 28, 1)); Conv2D(16, (3, 3), padding='same'); MaxPooling2D((2, 2), padding='same'); Conv2D({8|12}, (3, 3), padding='same'); MaxPooling2D((2, 2), padding='same'); UpSampling2D((2, 2)); Conv2D(16, (3, 3), padding='same'); UpSampling2D((2, 2)); Conv2D(1, (3, 3), activation='sigmoid', padding='same')",
    "valid transposes": "Input((3, 16)); Conv1DTranspose({8|5}, 3, strides=2); Conv1DTranspose(4, 4); Flatten(); Dense(2)",
    "sentiment lstm": "Input((None,)); Embedding({10000|500}, {32|16}); LSTM({32|20}); Dense(1, activation='sigmoid')",
    "sentiment padded": "Input((200,)); Embedding(2000, 24); {SpatialDropout1D(0.2)|Dropout(0.2)|Masking()}; LSTM(32, dropout=0.2, recurrent_dropout=0.2); Dense({2|6}, activation='softmax')",
    "stacked lstm": "Input((None, {1|14})); LSTM(32, return_sequences=True); LSTM({16|40}, return_sequences=True); LSTM(8); Dense(1)",
    "gru forecast": "Input((24, 5)); GRU({32|9}, return_sequences=True); GRU(16, reset_after={True|False}); Dense(24)",
    "simple rnn": "Input((None, 1)); SimpleRNN(20, return_sequences=True); SimpleRNN({20|7}); Dense({1|10})",
    "sequence to sequence": "Input((None, 3)); SimpleRNN(12, return_sequences=True); LSTM({12|8}, return_sequences=True); TimeDistributed(Dense({10|4}))",
    "bidirectional": "Input((60,)); Embedding(800, 16); Bidirectional(LSTM({24|11}, return_sequences=True)); Bidirectional(GRU(8), merge_mode='{sum|concat}'); Dense(4, activation='softmax')",
    "tagger": "Input((None,)); Embedding(120, {8|10}, mask_zero=True); Bidirectional(LSTM(12, return_sequences=True)); TimeDistributed(Dense(9, activation='softmax'))",
    "repeat decoder": "Input(({9|5}, 3)); LSTM(16); RepeatVector({4|6}); LSTM(16, return_sequences=True); TimeDistributed(Dense(3))",
    "average of words": "Input((256,)); Embedding({1000|300}, 16); GlobalAveragePooling1D(); Dense(16, activation='relu'); Dense(1)",
    "text convnet": "Input(({100|64},)); Embedding(500, 32); Conv1D(32, 7, activation='relu'); MaxPooling1D(5); Conv1D(32, 7, activation='relu'); GlobalMaxPooling1D(); Dense(1)",
    "wavenet": "Input((None, 1)); Conv1D(16, 2, padding='causal', activation='relu'); Conv1D(16, 2, padding='causal', dilation_rate=2); Conv1D({16|12}, 2, padding='causal', dilation_rate=4); Conv1D(10, 1)",
    "signal": "Input((128, {9|3})); Conv1D(24, 3, activation='relu'); Conv1D(24, 3, activation='relu'); Dropout(0.5); MaxPooling1D(2); ZeroPadding1D(2); Cropping1D((1, 0)); UpSampling1D(2); AveragePooling1D(3); Flatten(); Dense(40); Dense(6)",
    "conv then gru": "Input((None, {4|1})); Conv1D(20, 4, strides=2); GRU(20, return_sequences=True); GRU(10, return_sequences=True); TimeDistributed(Dense(5))",
    "video": "Input((12, 20, 24, {1|3})); Conv3D({8|6}, 3, activation='relu'); MaxPooling3D((2, 2, 2)); BatchNormalization(); Conv3D(12, (2, 3, 3)); GlobalAveragePooling3D(); Dense(5)",
    "volume": "Input((9, 11, 13, 1)); ZeroPadding3D(1); Conv3D(4, 3, strides=2, padding='same'); UpSampling3D(2); Cropping3D(1); AveragePooling3D(2); Flatten(); Dense({3|2})",
    "frames through a convnet": "Input((6, 20, 22, 3)); TimeDistributed(Conv2D({6|8}, 3)); TimeDistributed(MaxPooling2D(2)); TimeDistributed(Flatten()); LSTM(16); Dense(3)",
    "convlstm": "Input((None, 14, 16, 1)); ConvLSTM2D({8|6}, (3, 3), padding='same', return_sequences=True); BatchNormalization(); ConvLSTM2D(4, 3, padding='same', return_sequences=True); Conv3D(1, 3, padding='same')",
    "q network": "Input((84, 84, 4)); Conv2D(32, 8, strides=4, activation='relu'); Conv2D(64, 4, strides=2, activation='relu'); Conv2D(64, 3, strides=1, activation='relu'); Flatten(); Dense({128|64}, activation='relu'); Dense({6|4})",
    "self driving": "Input((66, 200, 3)); Conv2D(24, (5, 5), strides=(2, 2), activation='elu'); Conv2D(36, (5, 5), strides=(2, 2)); Conv2D(48, (5, 5), strides=(2, 2)); Conv2D(64, (3, 3)); Conv2D(64, (3, 3)); Flatten(); Dense(100); Dense(50); Dense(10); Dense({1|2})",
    "permuted": "Input((5, 7, 3)); Permute((2, 1, 3)); Reshape(({7|35}, -1)); Dense(4); Flatten(); ActivityRegularization(l2=0.01); Dense(2)",
    "nested": "Input((16, 18, 1)); Sequential([Conv2D({6|5}, 3), MaxPooling2D(2)]); Sequential([Flatten(), Dense(12)]); Dense(3)",
    "iris": "Input((4,)); Dense({10|8|6}, activation='relu'); Dense(3, activation='softmax')",
    "xor": "Input((2,)); Dense({2|4|8}, activation='{tanh|sigmoid|relu}'); Dense(1, activation='sigmoid')",
    "one line": "Input(({1|3},)); Dense(1)",
    "resized": "Input((None, None, 3)); Resizing(24, {32|20}); CenterCrop(20, 18); RandomContrast(0.2); Conv2D(5, 3); Flatten(); Dense(2)",
    "residual-free resnet stem": "Input(({96|64}, {96|64}, 3)); ZeroPadding2D(3); Conv2D(16, 7, strides=2); BatchNormalization(); ReLU(); ZeroPadding2D(1); MaxPooling2D(3, strides=2); GlobalAveragePooling2D(); Dense(9)",
    "speech commands": "Input((124, 129, 1)); Resizing(32, 32); Conv2D({16|32}, 3, activation='relu'); Conv2D(32, 3, activation='relu'); MaxPooling2D(); Dropout(0.25); Flatten(); Dense(32); Dense(8)",
    "conv lstm on text": "Input((80,)); Embedding(300, {16|12}); Conv1D(20, 5, activation='relu'); MaxPooling1D(4); LSTM(14); Dense(1)",
    "depthwise signal": "Input((50, {4|6})); DepthwiseConv1D(5); SeparableConv1D(8, 3, padding='same'); GroupNormalization(2); SpatialDropout1D(0.1); GlobalAveragePooling1D(keepdims=True); Flatten(); Dense(2)",
    "the guide's": "Input((250, 250, 3)); Conv2D(32, 5, strides=2, activation='relu'); Conv2D(32, 3, activation='relu'); MaxPooling2D(3); Conv2D(32, 3, activation='relu'); Conv2D(32, 3, activation='relu'); MaxPooling2D(3); Conv2D(32, 3, activation='relu'); Conv2D(32, 3, activation='relu'); MaxPooling2D(2); GlobalMaxPooling2D(); Dense(10)",
}

HEADERS = (
    "import keras\nfrom keras import layers\n",
    "import tensorflow as tf\n",
    "from keras.models import Sequential\nfrom keras.layers import *\n",
)
PREFIXES = ("layers.", "tf.keras.layers.", "")
MODELS = ("keras.Sequential", "tf.keras.Sequential", "Sequential")
STYLES = len(HEADERS) * 2
CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


def stacks() -> dict[str, list[str]]:
    """Every variant of every stack: its name -> its elements."""
    made = {}
    for name, text in STACKS.items():
        variants = max((len(choice.split("|")) for choice in CHOICE.findall(text)), default=1)
        for variant in range(variants):
            made[f"{name} {variant + 1}" if variants > 1 else name] = _chosen(text, variant).split("; ")
    return made


def _chosen(text: str, variant: int) -> str:
    """The text with one alternative at every {a|b}."""
    return CHOICE.sub(lambda match: (choices := match[1].split("|"))[variant % len(choices)], text)


def script(elements: list[str], style: int) -> str:
    """The elements as a script: three ways to import, each as a list literal and as a chain of add()."""
    kind, chain = style % 3, style // 3 % 2
    spelled = [_spelled(element, kind) for element in elements]
    if kind == 1:  # input_shape= on the first layer, where it can say the same
        spelled = _with_input_shape(elements, spelled)
    lines = [f"model.add({element})" for element in spelled]
    if chain:
        return HEADERS[kind] + f"model = {MODELS[kind]}()\n" + "\n".join(lines) + "\n"
    return HEADERS[kind] + f"model = {MODELS[kind]}([\n" + "".join(f"    {element},\n" for element in spelled) + "])\n"


def _spelled(element: str, kind: int) -> str:
    """Class names with the prefix of their import."""
    element = re.sub(r"(?<![\w.'])([A-Z]\w*)(?=\()", PREFIXES[kind] + r"\1", element)
    return element.replace(PREFIXES[kind] + "Sequential(", MODELS[kind] + "(")


def _with_input_shape(elements: list[str], spelled: list[str]) -> list[str]:
    """Input((4,)), Dense(3) -> Dense(3, input_shape=(4,)); unchanged where the first layer is a wrapper or takes none."""
    shape = re.fullmatch(r"Input\((\(.*\))\)", elements[0])
    simple = len(elements) > 1 and re.match(
        r"(Dense|Conv\w+|Flatten|LSTM|GRU|SimpleRNN|ZeroPadding2D)\(.*\)$", elements[1]
    )
    if not shape or not simple:
        return spelled
    comma = "" if elements[1].endswith("()") else ", "
    return [spelled[1][:-1] + f"{comma}input_shape={shape[1]})", *spelled[2:]]


def entries(elements: list[str], style: int) -> list[str]:
    """What the script hands to the model, one text an entry, in order: what a position as written counts."""
    kind = style % 3
    spelled = [_spelled(element, kind) for element in elements]
    return _with_input_shape(elements, spelled) if kind == 1 else spelled
