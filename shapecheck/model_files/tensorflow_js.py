"""TensorFlow.js's model.json: the configuration of the layers, and which numbers are in which files beside it."""

from __future__ import annotations

import os

from shapecheck.languages import because
from shapecheck.model_files.bounded_json import DamagedFile, short

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Json = Any

WITHOUT_VERSION = "2"
"""tf.js itself writes "tfjs-layers 4.22.0", and the forms of Keras 2."""
MOST_SHARDS = 10_000


class Topology:
    """The configuration of a model, who wrote it, its settings of compile(), and the `weightsManifest`. `config` None: only weights."""

    __slots__ = ("backend", "compiled", "config", "manifest", "version", "writer")

    def __init__(self, data: Json) -> None:
        if not isinstance(data, dict):
            raise DamagedFile(because("a TensorFlow.js model is an object, this is {value}", value=short(data)))
        topology = data.get("modelTopology")
        found = topology if isinstance(topology, dict) else {}
        config = found.get("model_config", found)
        self.config: Json = config if isinstance(config, dict) and config else None
        version = found.get("keras_version")
        self.writer = version if isinstance(version, str) else ""
        """As the file has it."""
        self.version = self.writer if self.writer[:1].isdecimal() else WITHOUT_VERSION
        """The version of Keras whose forms it has."""
        backend = found.get("backend")
        self.backend = backend if isinstance(backend, str) else None
        self.compiled: Json = found.get("training_config")
        manifest = data.get("weightsManifest", [])
        self.manifest: list[Any] = manifest if isinstance(manifest, list) else []


def beside(path: str, name: Json) -> str:
    """A file that `path` lists. DamagedFile unless it is in the same folder."""
    plain = isinstance(name, str) and os.path.basename(name) == name and not {"\\", ":", "\0"} & {*name}
    if not plain or name in ("", ".", ".."):
        raise DamagedFile(because("{where} lists the file {value}: weights are in files beside it", where=path, value=short(name)))
    return os.path.join(os.path.dirname(path), name)
