"""Whole models in files: structure, weights, settings of compile() and what the optimizer remembers, as Keras keeps them."""

from __future__ import annotations

import io
import json
import os
import warnings
from collections.abc import Mapping
from typing import Any

from shapecheck.model_files import keras_archive, keras_folder, recognise
from shapecheck.model_files.bounded_json import parse
from shapecheck.model_files.keras_archive import refuse_others
from tinyseq.registered import known
from tinyseq.saving import hdf5_read, hdf5_weights, keras_file, legacy_weights, tensorflow_js_weights
from tinyseq.saving.compile_config import compile_again, compile_settings
from tinyseq.saving.foreign import refuse_foreign
from tinyseq.saving.old_forms import Dialect
from tinyseq.saving.old_weights import FLIPPED_BY_THEANO
from tinyseq.saving.own_classes import has_call, kept_as_class
from tinyseq.saving.own_saving import assets_of, load_assets
from tinyseq.saving.read_config import model_from_json
from tinyseq.saving.vocabularies import fill, special_tokens
from tinyseq.saving.whole_file import check_source, check_target, write_folder, write_whole
from tinyseq.saving.write_config import model_json

Json = Any
Archive = keras_archive.KerasFile | keras_folder.KerasFolder

ENDINGS = (".keras", ".h5", ".hdf5")
STARTS_ANEW = "what the optimizer remembers cannot be read: its averages start anew"


def save_model(
    model: Any, filepath: Any, overwrite: bool = True, zipped: bool | None = None, include_optimizer: bool = True, save_format: Any = None
) -> None:  # fmt: skip
    """Writes a whole model, or nothing. CannotSave for what could not be loaded again."""
    if isinstance(filepath, io.IOBase):
        if zipped is False:
            raise ValueError("zipped=False writes a folder, and an open file is none: pass the path of the folder")
        data = io.BytesIO()
        keras_file.write(data, *parts_of(model, include_optimizer))
        filepath.write(data.getbuffer())
        return
    path = text(filepath)
    if save_format:
        _check_format(path, save_format)
    if zipped is False:
        if path.endswith(ENDINGS):
            raise ValueError(f"zipped=False writes a folder, whose name should not end in {path[path.rindex('.') :]}: {path}")
        write_folder(path, overwrite, lambda folder: keras_file.write_members(folder, *parts_of(model, include_optimizer)))
        return
    if not path.endswith(ENDINGS):
        raise ValueError(
            f"Invalid filepath extension for saving: {path}: a model is saved as .keras (or .h5, the older form): for example "
            f"model.save('model.keras')"
        )
    if path.endswith(".keras"):
        target = check_target(path, overwrite)
        parts = parts_of(model, include_optimizer)
        write_whole(target, lambda file: keras_file.write(file, *parts))
        return
    model._require_built()
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)  # as Keras does for this form alone
    target = check_target(path, overwrite)
    config = model_json(model, as_class=False)
    settings = compile_settings(model) if include_optimizer else None
    attributes = {
        "keras_version": keras_file.KERAS_VERSION,
        "backend": "tensorflow",
        "model_config": json.dumps({"class_name": config["class_name"], "config": config["config"]}),
    }
    if settings is not None:
        optimizer = settings.pop("optimizer")
        old = {"class_name": optimizer["class_name"], "config": optimizer["config"]}
        attributes["training_config"] = json.dumps({**settings, "optimizer_config": old})
    write_whole(target, lambda file: legacy_weights.write(file, model, attributes))


def parts_of(model: Any, include_optimizer: bool = True, as_class: bool = True) -> tuple[Json, Any, dict[str, bytes]]:
    """The configuration, the bytes of the weights' file, and the files that layers wrote themselves.

    Arguments:
        model: the model
        include_optimizer: False: leave out the settings of compile() and what the optimizer remembers
        as_class: False: a model of a registered class as the Sequential or functional model that it is
    """
    by_class = kept_as_class(model)
    if has_call(model) and not by_class:
        model._require_built()
    if not model.built:
        words = f"{model.name} is saved without weights: they exist once it is called on data, or model.build(input_shape)"
        warnings.warn(f"You are saving a model that has not yet been built. {words}", stacklevel=6)
    config = model_json(model, as_class)
    settings = compile_settings(model) if include_optimizer else None
    if settings is not None:
        config["compile_config"] = settings
    weights = io.BytesIO()
    hdf5_weights.write(weights, model, include_optimizer, as_class=by_class and as_class)
    return config, weights.getbuffer(), assets_of(model) if model.built else {}


def _check_format(path: str, save_format: Any) -> None:
    """Keras 2's argument: what it says must be what the name says."""
    words = f"The `save_format` argument is deprecated: save_format={save_format!r}: leave it out"
    if not path.endswith(ENDINGS):
        raise ValueError(f"{words}, and pass a path that ends in .keras (or .h5, the older form), got {path!r}")
    form = "keras" if path.endswith(".keras") else "h5"
    if save_format not in (True, form, "hdf5" if form == "h5" else "keras_v3"):
        raise ValueError(f"{words}: {path!r} is saved in the form {form!r}")
    warnings.warn(f"{words}, the ending of {path!r} says it", stacklevel=5)


def model_text(model: Any, **options: Any) -> str:
    """A model's structure as JSON, as Keras 3 writes it. `options` go to json.dumps."""
    model._require_built()
    return json.dumps(model_json(model), **options)


def model_of_text(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Any:
    """A model with fresh weights from JSON that Keras 1, 2 or 3 wrote."""
    if not isinstance(json_string, (str, bytes)):
        raise TypeError(f"json_string: expected a text, got {type(json_string).__name__}: pass what model.to_json() returned")
    data = json_string.encode() if isinstance(json_string, str) else json_string
    config = parse(data, "json_string")
    version = config.get("keras_version") if isinstance(config, dict) else None
    backend = config.get("backend") if isinstance(config, dict) else None
    return model_from_json(config, known(custom_objects), Dialect(version, backend))


def load_model(
    filepath: Any, custom_objects: Mapping[str, Any] | None = None, compile: bool = True, backend: str | None = None
) -> Any:
    """A model from a .keras or .h5 file of Keras 1, 2 or 3, or of tinyseq, or from TensorFlow.js's model.json, with its weights.

    The ValueError says what cannot be loaded, and why.
    """
    custom = known(custom_objects)
    if isinstance(filepath, io.IOBase):
        return _from_open_file(filepath, custom, compile, backend)
    path = text(filepath)
    if keras_folder.is_keras_folder(path):
        folder = keras_folder.KerasFolder(path)
        return _from_parts(folder, hdf5_read.Hdf5File.open(folder.weights_file()), custom, compile)
    if not os.path.exists(path):
        raise _not_there(path)
    refuse_foreign(path)
    check_source(path, f"model.save({path!r}) writes it")
    with open(path, "rb") as file:
        head = file.read(8)
    if head.startswith(keras_archive.SIGNATURE):
        return _from_archive(keras_archive.KerasFile(path), custom, compile)
    if head == hdf5_read.SIGNATURE:
        return _from_hdf5(hdf5_read.Hdf5File.open(path), custom, compile, backend)
    if recognise.kind_of(path) == recognise.TENSORFLOW_JS:
        return tensorflow_js_weights.load(path, custom, compile)
    raise ValueError(f"File format not supported: {path} is neither a .keras nor an .h5 file: it begins with {head!r}")


class NoSuchFile(FileNotFoundError, ValueError):
    """There is no file of that name: Python's error, and the one that Keras raises."""


def _not_there(path: str) -> NoSuchFile:
    if path.endswith(ENDINGS):
        return NoSuchFile(
            f"File not found: {path} does not exist. Please ensure the file is an accessible `.keras` or `.h5` file: model.save({path!r}) "
            f"writes it"
        )
    return NoSuchFile(f"File format not supported, and {path} does not exist: a model is loaded from a .keras or .h5 file")


def _from_open_file(source: Any, custom: dict[str, Any], compile: bool, backend: str | None) -> Any:
    """From a file that the caller has opened."""
    data = source.read()
    where = str(getattr(source, "name", None) or "the open file")
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"{where} is open as text: open it with open(path, 'rb')")
    if bytes(data[:4]) == keras_archive.SIGNATURE:
        return _from_archive(keras_archive.KerasFile(where, data=bytes(data)), custom, compile)
    if bytes(data[:8]) == hdf5_read.SIGNATURE:
        return _from_hdf5(hdf5_read.Hdf5File(bytes(data), where), custom, compile, backend)
    advice = ": after writing to it, source.seek(0)" if not data else ""
    raise ValueError(f"{where} holds neither a .keras nor an .h5 file: it begins with {bytes(data[:8])!r}{advice}")


def _from_archive(archive: keras_archive.KerasFile, custom: dict[str, Any], compile: bool) -> Any:
    return _from_parts(archive, hdf5_read.Hdf5File(archive.weights(), f"{archive.path}, {keras_archive.WEIGHTS}"), custom, compile)


def _from_parts(archive: Archive, file: hdf5_read.Hdf5File, custom: dict[str, Any], compile: bool) -> Any:
    path = archive.path
    if isinstance(archive.config, dict):
        fill(archive.config.get("config"), lambda place, name, config: _learnt(archive, file, place, config))
    model = model_from_json(archive.config, custom, Dialect(archive.version or "3"))
    if not model.built and not hdf5_weights.holds_numbers(file):  # saved before it was built
        refuse_others(path, archive.others)
        if compile:
            compile_again(model, archive.config.get("compile_config"), custom)
        return model
    _check_built(model, path)
    hdf5_weights.read(file, model)
    load_assets(archive, model)
    if compile and compile_again(model, archive.config.get("compile_config"), custom):
        _optimizer_state(file, model, path, Dialect(archive.version or "3"))
    return model


def _learnt(archive: Archive, file: hdf5_read.Hdf5File, place: str, config: Json) -> dict[str, Json]:
    """What a lookup learnt from adapt(): its tokens without the special ones, and their idf_weights."""
    tokens = archive.vocabulary(place)
    if tokens is None:
        return {}
    special = special_tokens(config)
    found: dict[str, Json] = {"vocabulary": tokens[special:]}
    if isinstance(config.get("oov_token"), int):
        try:
            found["vocabulary"] = [int(token) for token in tokens[special:]]
        except ValueError as error:
            raise ValueError(f"{archive.path}: the vocabulary of {place} holds what is not a whole number: the file is damaged") from error
    if config.get("output_mode") == "tf_idf":
        factors = f"{place}/vars/idf_weights"
        found["idf_weights"] = file.read(factors, (len(tokens),))[special:].tolist()
    return found


def _optimizer_state(file: hdf5_read.Hdf5File, model: Any, path: str, dialect: Dialect) -> None:
    """What the optimizer remembers; a warning if it is there and cannot be read."""
    read = dialect.major >= 3 and hdf5_weights.read_optimizer(file, model)
    if not read and (file.members("optimizer/vars") or file.members("optimizer")):
        warnings.warn(f"{path}: {STARTS_ANEW}", stacklevel=5)


def _from_hdf5(file: hdf5_read.Hdf5File, custom: dict[str, Any], compile: bool, backend: str | None) -> Any:
    path = file.where
    config = file.attribute("/", "model_config")
    if not isinstance(config, str):
        raise ValueError(f"{path} contains weights without a model: build the model, then model.load_weights({path!r})")
    dialect = dialect_of(file)
    dialect.backend = backend or dialect.backend
    model = model_from_json(parse(config.encode(), f"{path}, model_config"), custom, dialect)
    _check_built(model, path)
    if dialect.backend is None and any(type(layer).__name__ in FLIPPED_BY_THEANO for layer in model.layers):
        warnings.warn(
            f"{path} does not say on what Keras ran. If it was Theano, its convolutions are turned round: pass backend='theano'",
            stacklevel=4,
        )
    legacy_weights.read(file, model, dialect)
    training = file.attribute("/", "training_config")
    if compile and isinstance(training, str):
        settings = parse(training.encode(), f"{path}, training_config")
        if compile_again(model, settings, custom) and not legacy_weights.read_optimizer(file, model, dialect):
            warnings.warn(f"{path}: {STARTS_ANEW}", stacklevel=4)
    return model


def dialect_of(file: hdf5_read.Hdf5File) -> Dialect:
    """Who wrote an .h5 file."""
    return Dialect(file.first_text("keras_version") or "1", file.first_text("backend"))


def _check_built(model: Any, path: str) -> None:
    if not model.built:
        raise ValueError(f"{path} contains a model without an input shape: it has no weights to load")


def text(filepath: Any) -> str:
    """A path as a text."""
    path = os.fspath(filepath)
    if not isinstance(path, str):
        raise TypeError(f"filepath: expected a text or a path, got {type(path).__name__}")
    return path
