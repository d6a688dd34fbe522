"""What Keras's names mean: layers, models, functional graphs, and the spellings of its versions."""
