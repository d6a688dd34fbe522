import tinyseq as keras
from tinyseq import datasets, layers

(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train = x_train / 16

model = keras.Sequential()
model.add(keras.Input(shape=(64,)))
model.add(layers.Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x_train, y_train, epochs=2)
