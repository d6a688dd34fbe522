"""The functions of files that users call: whole models and weights alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinyseq.did_you_mean import spelled


@spelled
def save_model(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """model.save(filepath).

    Arguments:
        model: a built model
        filepath: where to: a path that ends in .keras (or .h5, the older form)
        overwrite: False: raise FileExistsError if the file exists
    """
    model.save(filepath, overwrite)


@spelled
def load_model(
    filepath: Any, custom_objects: Mapping[str, Any] | None = None, compile: bool = True, safe_mode: bool = True,
    backend: str | None = None,
) -> Any:  # fmt: skip
    """A whole model from a file that model.save, or Keras 1, 2 or 3, wrote. The ValueError says what cannot be loaded, and why.

    No code in the file is run, and no class is imported by a name in it.

    Arguments:
        filepath: a .keras or .h5 file
        custom_objects: classes and functions of yours by the name in the file; for a Lambda its function by the layer's name
        compile: False: leave out the settings of compile()
        safe_mode: of Keras; False is refused: code in a file is never run
        backend: "theano" or "tensorflow": on what a Keras ran whose .h5 file does not say it; Theano turns convolutions round
    """
    from tinyseq.saving.model_files import load_model

    if not safe_mode:
        raise ValueError("safe_mode=False: code in a file is never run here: pass functions in custom_objects")
    if backend not in (None, "theano", "tensorflow"):
        raise ValueError(f"backend={backend!r}: expected 'theano' or 'tensorflow', or leave it out")
    return load_model(filepath, custom_objects, compile, backend)


@spelled
def save_weights(model: Any, filepath: Any, overwrite: bool = True) -> None:
    """model.save_weights(filepath).

    Arguments:
        model: a built model
        filepath: where to: a path that ends in .weights.h5, .npz, .safetensors, or .h5 (the form of Keras 2)
        overwrite: False: raise FileExistsError if the file exists
    """
    model.save_weights(filepath, overwrite)


@spelled
def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False) -> None:
    """model.load_weights(filepath).

    Arguments:
        model: a built model
        filepath: a file that ends in .weights.h5, .keras, .npz, .safetensors or .h5
        skip_mismatch: True: leave out layers whose shapes differ
    """
    model.load_weights(filepath, skip_mismatch)
