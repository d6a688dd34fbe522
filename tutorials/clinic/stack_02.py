import tinyseq as keras
from tinyseq import layers

model = keras.Sequential()
model.add(keras.Input(shape=(32, 32)))
model.add(layers.Conv2D(16, 3, activation="relu"))
