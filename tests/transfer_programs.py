"""Short programs that use a known architecture: what shapecheck says of every model in them is compared with Keras."""

from __future__ import annotations

HEAD = "import keras\nfrom keras import layers, applications\n"

PROGRAMS: dict[str, str] = {
    "a frozen base inside a stack": """
base = applications.Xception(weights="imagenet", include_top=False, pooling="avg", input_shape=(150, 150, 3))
base.trainable = False
model = keras.Sequential([base, layers.Dropout(0.5), layers.Dense(1, activation="sigmoid")])
""",
    "a base called on an Input": """
base = applications.MobileNetV2(input_shape=(160, 160, 3), include_top=False)
base.trainable = False
inputs = keras.Input(shape=(160, 160, 3))
x = base(inputs, training=False)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(1)(x))
""",
    "a head on base.output, some layers frozen": """
base = applications.InceptionV3(weights="imagenet", include_top=False)
x = layers.GlobalAveragePooling2D()(base.output)
x = layers.Dense(1024, activation="relu")(x)
model = keras.Model(inputs=base.input, outputs=layers.Dense(200, activation="softmax")(x))
for layer in model.layers[:249]:
    layer.trainable = False
for layer in model.layers[249:]:
    layer.trainable = True
""",
    "the last layers of a frozen base opened": """
base = applications.MobileNet(include_top=False, input_shape=(128, 128, 3), pooling="avg")
base.trainable = False
for layer in base.layers[-10:]:
    layer.trainable = True
model = keras.Sequential([base, layers.Dense(5)])
head = keras.Model(base.input, layers.Dense(2)(base.output))
""",
    "opened from a layer on, by name": """
base = applications.VGG16(include_top=False, input_shape=(150, 150, 3))
base.trainable = True
opened = False
for layer in base.layers:
    if layer.name == "block5_conv1":
        opened = True
    if opened:
        layer.trainable = True
    else:
        layer.trainable = False
model = keras.Sequential()
model.add(base)
model.add(layers.Flatten())
model.add(layers.Dense(256, activation="relu"))
model.add(layers.Dense(1, activation="sigmoid"))
""",
    "all but the normalizations opened": """
base = applications.EfficientNetB0(include_top=False, input_shape=(96, 96, 3))
base.trainable = False
for layer in base.layers[-20:]:
    if not isinstance(layer, layers.BatchNormalization):
        layer.trainable = True
x = layers.GlobalAveragePooling2D()(base.output)
model = keras.Model(base.input, layers.Dense(10, activation="softmax")(x))
""",
    "by class name": """
base = applications.DenseNet121(include_top=False, input_shape=(64, 64, 3), weights=None)
for layer in base.layers:
    if layer.__class__.__name__ == "BatchNormalization" or "conv5" in layer.name:
        layer.trainable = False
model = keras.Sequential([base, layers.GlobalMaxPooling2D(), layers.Dense(3)])
""",
    "numbered": """
base = applications.ResNet50(include_top=False, input_shape=(64, 64, 3), weights=None)
for number, layer in enumerate(base.layers):
    layer.trainable = number >= 143
model = keras.Sequential([base, layers.Flatten(), layers.Dense(3)])
""",
    "features of an inner layer": """
base = applications.VGG19(weights="imagenet")
features = keras.Model(inputs=base.input, outputs=base.get_layer("block4_pool").output)
deep = keras.Model(base.inputs, base.layers[-2].output)
first = keras.Model(base.layers[1].input, base.layers[5].output)
several = keras.Model(base.input, [base.get_layer(index=3).output, base.get_layer(name="fc1").output])
""",
    "a decoder on the layers of an encoder": """
encoder = applications.ResNet50(include_top=False, weights=None, input_shape=(128, 128, 3))
names = ["conv1_relu", "conv2_block3_out", "conv3_block4_out"]
skips = [encoder.get_layer(name).output for name in names]
x = encoder.get_layer("conv4_block6_out").output
for skip, filters in zip(reversed(skips), (256, 128, 64)):
    x = layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)
    x = layers.Concatenate()([x, skip])
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
unet = keras.Model(encoder.input, layers.Conv2D(1, 1, activation="sigmoid")(x))
""",
    "an encoder cut and put inside": """
base = applications.MobileNetV2(input_shape=(128, 128, 3), include_top=False)
names = ["block_1_expand_relu", "block_3_expand_relu", "block_16_project"]
stack = keras.Model(inputs=base.input, outputs=[base.get_layer(name).output for name in names])
stack.trainable = False
inputs = keras.Input((128, 128, 3))
first, second, x = stack(inputs)
x = layers.Conv2DTranspose(32, 3, strides=8, padding="same")(x)
x = layers.Concatenate()([x, second])
model = keras.Model(inputs, layers.Conv2DTranspose(3, 3, strides=4, padding="same")(x))
""",
    "an input of one's own": """
inputs = keras.Input(shape=(96, 96, 3))
x = layers.RandomFlip("horizontal")(inputs)
x = layers.Rescaling(1 / 127.5, offset=-1)(x)
base = applications.MobileNetV2(input_tensor=x, include_top=False, weights="imagenet")
x = layers.Flatten()(base.output)
model = keras.Model(inputs, layers.Dense(4)(x))
""",
    "grey pictures": """
inputs = keras.Input((48, 48, 1))
x = layers.Concatenate()([inputs, inputs, inputs])
base = applications.VGG16(include_top=False, input_tensor=x, weights="imagenet")
model = keras.Model(inputs, layers.Dense(7)(layers.Flatten()(base.output)))
""",
    "another number of channels": """
base = applications.ResNet50V2(include_top=False, weights=None, input_shape=(64, 64, 4), pooling="max")
model = keras.Sequential([keras.Input((64, 64, 4)), base, layers.Dense(2)])
""",
    "two bases on one input": """
inputs = keras.Input((128, 128, 3))
left = applications.VGG16(include_top=False, weights=None, input_tensor=inputs, pooling="avg", name="left")
right = applications.MobileNet(include_top=False, weights=None, input_tensor=inputs, pooling="avg")
x = layers.Concatenate()([left.output, right.output])
model = keras.Model(inputs, layers.Dense(2)(x))
""",
    "two bases side by side": """
inputs = keras.Input((128, 128, 3))
left = applications.VGG16(include_top=False, weights=None, pooling="avg")
right = applications.EfficientNetV2B0(include_top=False, weights=None, pooling="avg")
x = layers.Concatenate()([left(inputs), right(inputs)])
model = keras.Model(inputs, layers.Dense(2)(x))
""",
    "a base shared by two inputs": """
base = applications.MobileNetV2(include_top=False, weights=None, pooling="avg", input_shape=(96, 96, 3))
one, two = keras.Input((96, 96, 3)), keras.Input((96, 96, 3))
x = layers.Subtract()([base(one), base(two)])
model = keras.Model([one, two], layers.Dense(1)(x))
""",
    "a stack cut in the middle": """
stack = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)])
features = keras.Model(stack.inputs, stack.layers[1].output)
before = keras.Model(stack.inputs, stack.layers[-2].output)
""",
    "a functional model cut by name": """
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(8, 3, name="first")(inputs)
x = layers.MaxPooling2D(name="pool")(x)
model = keras.Model(inputs, layers.Dense(10)(layers.Flatten()(x)))
cut = keras.Model(model.input, model.get_layer("pool").output)
model.layers[1].trainable = False
""",
    "the base of a stack, by position": """
model = keras.Sequential([applications.MobileNet(include_top=False, weights=None, input_shape=(64, 64, 3)), layers.Flatten()])
model.add(layers.Dense(2))
model.layers[0].trainable = False
maps = keras.Model(model.layers[0].input, model.layers[0].get_layer("conv_pw_5_relu").output)
""",
    "the whole model frozen": """
base = applications.MobileNet(include_top=False, weights=None, input_shape=(64, 64, 3), pooling="avg")
model = keras.Model(base.input, layers.Dense(2)(base.output))
model.trainable = False
model.layers[-1].trainable = True
outer = keras.Sequential([model, layers.Dense(3)])
""",
    "another top": """
base = applications.EfficientNetV2S(weights=None, classes=12, input_shape=(128, 128, 3))
model = keras.Model(base.input, base.layers[-3].output)
""",
    "a small ConvNeXt": """
base = applications.ConvNeXtTiny(include_top=False, weights="imagenet", input_shape=(64, 64, 3))
for layer in base.layers[:-10]:
    layer.trainable = False
model = keras.Sequential([base, layers.GlobalAveragePooling2D(), layers.Dense(4)])
""",
    "an older form": """
conv_base = applications.VGG16(weights="imagenet", include_top=False, input_shape=(180, 180, 3))
flat = layers.Flatten()(conv_base.output)
x = layers.Dense(conv_base.output_shape[-1] // 2)(flat)
model = keras.Model(conv_base.input, layers.Dense(conv_base.output.shape[1])(x))
""",
    "the layers of a base, one by one": """
vgg = applications.VGG16(weights="imagenet")
model = keras.Sequential()
for layer in vgg.layers[:-1]:
    model.add(layer)
for layer in model.layers:
    layer.trainable = False
model.add(layers.Dense(5, activation="softmax"))
whole = keras.Sequential([*vgg.layers[:10], layers.Flatten()])
""",
    "the output's shape as the next input's": """
base = applications.VGG16(include_top=False, weights="imagenet", input_shape=(150, 150, 3))
top = keras.Sequential([keras.Input(shape=base.output_shape[1:]), layers.Flatten(), layers.Dense(256, activation="relu")])
top.add(layers.Dense(1, activation="sigmoid"))
model = keras.Model(inputs=base.input, outputs=top(base.output))
for layer in model.layers[:15]:
    layer.trainable = False
""",
    "a layer of a base inside a model": """
inputs = keras.Input((128, 128, 3), name="picture")
base = applications.VGG16(include_top=False, weights=None, input_shape=(128, 128, 3))
model = keras.Model(inputs, layers.GlobalAveragePooling2D()(base(inputs)))
ends = [model.get_layer("vgg16").get_layer("block5_conv3").output, model.get_layer("vgg16").output]
maps = keras.Model(model.get_layer("vgg16").inputs, ends)
""",
    "the last layer taken out of the list": """
base = applications.VGG16(weights="imagenet")
base.layers.pop()
model = keras.Model(base.inputs[0], base.layers[-1].output)
""",
    "in a function": """
def build(name, size, classes, frozen=True):
    kind = getattr(applications, name)
    base = kind(include_top=False, weights="imagenet", input_shape=(*size, 3), pooling="avg")
    base.trainable = not frozen
    return keras.Sequential([keras.Input((*size, 3)), layers.Rescaling(1 / 255), base, layers.Dense(classes, activation="softmax")])

small = build("MobileNetV3Small", (96, 96), 4)
other = build("NASNetMobile", (224, 224), 3, frozen=False)
""",
    "names are counted from the file's own layers on": """
inputs = keras.Input((16, 16, 3))
x = layers.Conv2D(2, 3)(inputs)
x = layers.add([layers.Conv2D(2, 3)(x), layers.Conv2D(2, 3, name="own")(x)])
base = applications.InceptionV3(weights=None)
cut = keras.Model(base.input, base.get_layer("conv2d_10").output)
other = applications.Xception(weights=None, include_top=False)
piece = keras.Model(other.input, other.get_layer("add_3").output)
""",
    "preprocessing inside": """
inputs = keras.Input(shape=(160, 160, 3))
x = layers.RandomFlip("horizontal")(inputs)
x = applications.mobilenet_v2.preprocess_input(x)
base = applications.MobileNetV2(input_shape=(160, 160, 3), include_top=False, weights="imagenet")
base.trainable = False
x = base(x, training=False)
x = layers.GlobalAveragePooling2D()(x)
model = keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.2)(x)))
""",
}

REFUSED: dict[str, str] = {
    "too small": """
base = applications.Xception(include_top=False, weights=None, input_shape=(32, 32, 3))
""",
    "no such layer": """
base = applications.VGG16(weights=None)
model = keras.Model(base.input, base.get_layer("block5_conv4").output)
""",
    "no such position": """
base = applications.VGG16(weights=None)
layer = base.get_layer(index=23)
""",
    "a layer added to a base": """
base = applications.VGG16(include_top=False, weights=None, input_shape=(64, 64, 3))
base.add(layers.Flatten())
""",
    "the input of an InputLayer": """
base = applications.VGG19(weights=None)
model = keras.Model(base.layers[0].input, base.layers[5].output)
""",
    "the name that an older Keras gave an Input": """
inputs = keras.Input((64, 64, 3))
base = applications.MobileNetV2(input_tensor=inputs, include_top=False, weights=None)
skip = base.get_layer("input_1").output
""",
    "the input of a stack that nobody called": """
stack = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)])
model = keras.Model(stack.input, stack.layers[0].output)
""",
    "the classes of stored weights": """
base = applications.ResNet50(classes=10)
""",
    "a base on pictures of another size": """
base = applications.VGG16(include_top=False, weights=None, input_shape=(64, 64, 3))
inputs = keras.Input((128, 128, 3))
model = keras.Model(inputs, base(inputs))
""",
    "a small picture through an input of one's own": """
inputs = keras.Input((16, 16, 3))
base = applications.VGG16(include_top=False, weights=None, input_tensor=inputs)
""",
    "an argument that there is not": """
base = applications.VGG16(include_top=False, weights=None, input_size=(64, 64, 3))
""",
    "an argument given twice": """
base = applications.VGG16(False, include_top=False, weights=None)
""",
}
