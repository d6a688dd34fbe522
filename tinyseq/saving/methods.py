"""The methods of a model that write and read its files."""

from __future__ import annotations

from typing import Any

from tinyseq.did_you_mean import spelled
from tinyseq.registered import known
from tinyseq.saving.face import with_load_words, with_save_words


class Files:
    """save, save_weights, load_weights, to_json."""

    @with_save_words
    def save(
        self, filepath: Any, overwrite: bool = True, zipped: bool | None = None, include_optimizer: bool = True, save_format: Any = None
    ) -> None:  # fmt: skip
        """Writes the whole model to a file that Keras 3 reads, too: structure, weights, compile() and what the optimizer remembers.

        Whole or not at all. CannotSave (a ValueError) names what could not be loaded again.

        Arguments:
            filepath: where to: a path that ends in .keras (or .h5, the older form), a folder with zipped=False, or an open file
            overwrite: False: raise FileExistsError if the file exists
            zipped: False: as a folder instead of one .keras file
            include_optimizer: False: leave out the settings of compile() and what the optimizer remembers
            save_format: of Keras 2: leave it out, the ending of the path says it
        """
        from tinyseq.saving.model_files import save_model

        save_model(self, filepath, overwrite, zipped, include_optimizer, save_format)

    @with_save_words
    def save_weights(
        self, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None, objects_to_skip: Any = None
    ) -> None:
        """Writes all weights to a file, whole or not at all; to .weights.h5 also what the optimizer remembers.

        Arguments:
            filepath: where to: a path that ends in .weights.h5, .npz, .safetensors, .h5 (the form of Keras 2), or .weights.json (the
                list of several files)
            overwrite: False: raise FileExistsError if the file exists
            max_shard_size: with .weights.json: gigabytes of weights in each file
            objects_to_skip: layers (or the optimizer) that are left out, with .weights.h5 and .weights.json
        """
        from tinyseq.saving.weight_files import save_weights

        save_weights(self, filepath, overwrite, max_shard_size, objects_to_skip)

    @with_load_words
    def load_weights(
        self, filepath: Any, skip_mismatch: bool = False, by_name: bool = False, objects_to_skip: Any = None
    ) -> None:
        """Reads all weights from a file of ours or of Keras 1 to 3. ValueError if number or shapes differ; then nothing has changed.

        Arguments:
            filepath: a file that ends in .weights.h5, .keras, .npz, .safetensors, .h5 or .weights.json
            skip_mismatch: True: leave out layers whose shapes differ
            by_name: True: of an older .h5 file, read the layers that have the same names in both
            objects_to_skip: layers (or the optimizer) that are left as they are, with .weights.h5 and .weights.json
        """
        from tinyseq.saving.weight_files import load_weights

        load_weights(self, filepath, skip_mismatch, by_name, objects_to_skip)

    def to_json(self, **options: Any) -> str:
        """The structure, without weights, as JSON that Keras 3 and `models.model_from_json` read.

        Arguments:
            options: go to json.dumps, for example indent=2
        """
        from tinyseq.saving.model_files import model_text

        return model_text(self, **options)

    def get_compile_config(self) -> dict[str, Any] | None:
        """The arguments of compile(), as a file keeps them; None before compile(). A class that overrides compile() may override this."""
        from tinyseq.saving.compile_config import compile_json

        return compile_json(self)

    def compile_from_config(self, config: Any) -> None:
        """compile() with what get_compile_config() returned.

        Arguments:
            config: the dictionary
        """
        from tinyseq.saving.compile_config import compile_again

        compile_again(self, config, known())

    @spelled
    def to_keras(self, custom_objects: Any = None) -> Any:
        """The same model as a model of Keras 3, which must be installed: weights, compile() and what the optimizer remembers.

        Arguments:
            custom_objects: Keras's classes and functions in the place of yours, by name
        """
        from tinyseq.saving.live_keras import to_keras

        return to_keras(self, custom_objects)

    @spelled
    def to_keras_code(self, path: Any = None, overwrite: bool = True) -> str:
        """A short Keras program that builds this model, as text; with a path, written there, and its weights beside it.

        Arguments:
            path: of the program, for example "net.py", whose weights are then in net.weights.h5; None: only the text
            overwrite: False: raise FileExistsError if one of the files exists
        """
        from tinyseq.saving.keras_code import keras_code

        return keras_code(self, path, overwrite)

    @spelled
    def to_torch_code(self, path: Any = None, overwrite: bool = True, weights: str = ".npz") -> str:
        """A short PyTorch program that builds this model, as text; with a path, written there, and its weights beside it.

        CannotSave (a ValueError) names a layer that torch has no equivalent for, and the reason.

        Arguments:
            path: of the program, for example "net.py", whose weights are then in net.npz; None: only the text
            overwrite: False: raise FileExistsError if one of the files exists
            weights: ".npz", or ".safetensors", which needs that package on both sides
        """
        from tinyseq.saving.torch_code.write import torch_code

        return torch_code(self, path, overwrite, weights)

    @spelled
    def to_onnx(self, filepath: Any, overwrite: bool = True) -> None:
        """Writes what predict() computes as an ONNX file of opset 20. Needs the onnx package: pip install "tinyseq[onnx]".

        CannotSave (a ValueError) names a layer that ONNX has no operators for, and the reason.

        Arguments:
            filepath: where to: a path that ends in .onnx
            overwrite: False: raise FileExistsError if the file exists
        """
        from tinyseq.saving.onnx_export.write import save_onnx

        save_onnx(self, filepath, overwrite)
