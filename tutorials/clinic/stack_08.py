import tinyseq as keras
from tinyseq import datasets, layers

(x_train, y_train), (x_test, y_test) = datasets.digits.load_data()
x_train = x_train.reshape(1415, 8, 8, 1) / 16

model = keras.Sequential()
model.add(keras.Input(shape=(8, 8, 1)))
model.add(layers.Flatten())
model.add(layers.Dense(10, activation="softmax"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
model.fit(x_train, y_test, epochs=2)
