"""The recording scripts need Keras, so pytest's search for doctests passes them by."""

collect_ignore_glob = ["*.py"]
