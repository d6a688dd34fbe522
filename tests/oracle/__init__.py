"""What Keras says: the recording scripts and what they recorded. Only the recording scripts import Keras."""
