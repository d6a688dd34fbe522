"""The meaning of Keras's names: layers, models, functional graphs, and the spellings of its versions."""
