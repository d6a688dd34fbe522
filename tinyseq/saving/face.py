"""The functions of files that users call: whole models and weights alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tinyseq.did_you_mean import NotSupported, spelled

with_save_words = partial(spelled, refusal=NotSupported, words="The following argument(s) are not supported: ")
with_load_words = partial(spelled, refusal=NotSupported, words="Invalid keyword arguments: ")


@with_save_words
def save_model(
    model: Any, filepath: Any, overwrite: bool = True, zipped: bool | None = None, include_optimizer: bool = True, save_format: Any = None
) -> None:  # fmt: skip
    """model.save(filepath).

    Arguments:
        model: the model
        filepath: where to: a path that ends in .keras (or .h5, the older form), a folder with zipped=False, or an open file
        overwrite: False: raise FileExistsError if the file exists
        zipped: False: as a folder instead of one .keras file
        include_optimizer: False: leave out the settings of compile() and what the optimizer remembers
        save_format: of Keras 2: leave it out, the ending of the path says it
    """
    model.save(filepath, overwrite, zipped, include_optimizer, save_format)


@spelled
def load_model(
    filepath: Any, custom_objects: Mapping[str, Any] | None = None, compile: bool = True, safe_mode: bool = True,
    backend: str | None = None,
) -> Any:  # fmt: skip
    """A whole model from a file that model.save, or Keras 1, 2 or 3, wrote. The ValueError says what cannot be loaded, and why.

    No code in the file is run, and no class is imported by a name in it.

    Arguments:
        filepath: a .keras or .h5 file, the folder that save(zipped=False) wrote, or an open file
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


@with_save_words
def save_weights(
    model: Any, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None, objects_to_skip: Any = None
) -> None:
    """model.save_weights(filepath).

    Arguments:
        model: a built model
        filepath: where to: a path that ends in .weights.h5, .npz, .safetensors, .h5 (the form of Keras 2), or .weights.json (the list of
            several files)
        overwrite: False: raise FileExistsError if the file exists
        max_shard_size: with .weights.json: gigabytes of weights in each file
        objects_to_skip: layers (or the optimizer) that are left out, with .weights.h5 and .weights.json
    """
    model.save_weights(filepath, overwrite, max_shard_size, objects_to_skip)


@with_load_words
def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, objects_to_skip: Any = None) -> None:
    """model.load_weights(filepath).

    Arguments:
        model: a built model
        filepath: a file that ends in .weights.h5, .keras, .npz, .safetensors, .h5 or .weights.json
        skip_mismatch: True: leave out layers whose shapes differ
        by_name: True: of an older .h5 file, read the layers that have the same names in both
        objects_to_skip: layers (or the optimizer) that are left as they are, with .weights.h5 and .weights.json
    """
    model.load_weights(filepath, skip_mismatch, by_name, objects_to_skip)
