"""Whole models in files: structure, weights, settings of compile() and what the optimizer remembers, as Keras keeps them."""

from __future__ import annotations

import io
import json
import os
import warnings
from collections.abc import Mapping
from typing import Any

from shapecheck.model_files import keras_archive, recognise
from shapecheck.model_files.bounded_json import parse
from tinyseq.registered import known
from tinyseq.saving import hdf5_read, hdf5_weights, keras_file, legacy_weights, tensorflow_js_weights
from tinyseq.saving.compile_config import compile_again, compile_json
from tinyseq.saving.foreign import refuse_foreign
from tinyseq.saving.old_forms import Dialect
from tinyseq.saving.old_weights import FLIPPED_BY_THEANO
from tinyseq.saving.read_config import model_from_json
from tinyseq.saving.vocabularies import fill, special_tokens
from tinyseq.saving.whole_file import check_source, check_target, write_whole
from tinyseq.saving.write_config import model_json

Json = Any

ENDINGS = (".keras", ".h5", ".hdf5")
STARTS_ANEW = "what the optimizer remembers cannot be read: its averages start anew"


def save_model(model: Any, filepath: Any, overwrite: bool = True, include_optimizer: bool = True) -> None:
    """Writes a whole model, or nothing. CannotSave for what could not be loaded again."""
    path = text(filepath)
    if not path.endswith(ENDINGS):
        raise ValueError(f"{path}: a model is saved as .keras (or .h5, the older form): for example model.save('model.keras')")
    model._require_built()
    target = check_target(path, overwrite)
    config = model_json(model)
    settings = compile_json(model) if include_optimizer else None
    if path.endswith(".keras"):
        if settings is not None:
            config["compile_config"] = settings
        weights = io.BytesIO()
        hdf5_weights.write(weights, model, include_optimizer)
        write_whole(target, lambda file: keras_file.write(file, config, weights.getbuffer()))
        return
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
    path = text(filepath)
    custom = known(custom_objects)
    refuse_foreign(path)
    check_source(path, f"model.save({path!r}) writes it")
    with open(path, "rb") as file:
        head = file.read(8)
    if head.startswith(keras_archive.SIGNATURE):
        return _from_keras_file(path, custom, compile)
    if head == hdf5_read.SIGNATURE:
        return _from_hdf5(path, custom, compile, backend)
    if recognise.kind_of(path) == recognise.TENSORFLOW_JS:
        return tensorflow_js_weights.load(path, custom, compile)
    raise ValueError(f"{path} is neither a .keras nor an .h5 file: it begins with {head!r}")


def _from_keras_file(path: str, custom: dict[str, Any], compile: bool) -> Any:
    archive = keras_archive.KerasFile(path)
    file = hdf5_read.Hdf5File(archive.weights(), f"{path}, {keras_archive.WEIGHTS}")
    if isinstance(archive.config, dict):
        fill(archive.config.get("config"), lambda place, name, config: _learnt(archive, file, place, config))
    model = model_from_json(archive.config, custom, Dialect(archive.version or "3"))
    _check_built(model, path)
    hdf5_weights.read(file, model)
    if compile and compile_again(model, archive.config.get("compile_config"), custom):
        _optimizer_state(file, model, path, Dialect(archive.version or "3"))
    return model


def _learnt(archive: keras_archive.KerasFile, file: hdf5_read.Hdf5File, place: str, config: Json) -> dict[str, Json]:
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


def _from_hdf5(path: str, custom: dict[str, Any], compile: bool, backend: str | None) -> Any:
    file = hdf5_read.Hdf5File.open(path)
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
