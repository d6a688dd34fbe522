"""The peers: which packages each needs, in which file it stands, what it can do. A file is loaded only if its packages are here."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterable
from dataclasses import dataclass

from tests.benchmarks.cases import Case, Make, Task
from tests.benchmarks.normalized import Built

EVERYTHING: tuple[Task, ...] = ("predict", "train", "weight gradient", "input gradient")


@dataclass(frozen=True)
class Peer:
    """`module`.variants(case) gives, by name, what makes a contender: a framework may run the same net in several ways."""

    name: str
    packages: tuple[str, ...]
    module: str
    tasks: tuple[Task, ...] = EVERYTHING
    builds: bool = False
    """It can do the nets of normalized.py too."""

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed here."""
        return [package for package in self.packages if importlib.util.find_spec(package) is None]

    @property
    def versions(self) -> dict[str, str]:
        """The versions of its packages."""
        from importlib import metadata  # here, because a fresh process that is timed needs it not

        return {package: metadata.version(package) for package in self.packages}

    def variants(self, case: Case) -> dict[str, Make]:
        """The ways in which it can do the task."""
        if case.task not in self.tasks or (isinstance(case.net, Built) and not self.builds):
            return {}
        found: dict[str, Make] = importlib.import_module(f"tests.benchmarks.peers.{self.module}").variants(case)
        return found


PEERS: tuple[Peer, ...] = (
    Peer("torch", ("torch",), "torch_peer", builds=True),
    Peer("TensorFlow", ("tensorflow",), "tensorflow_peer"),
    Peer("Keras", ("keras", "tensorflow"), "keras_peer", ("predict", "train"), builds=True),
    Peer("JAX", ("jax",), "jax_peer", builds=True),
    Peer("ONNX Runtime", ("onnxruntime", "onnx"), "onnxruntime_peer", ("predict",)),
    Peer("OpenVINO", ("openvino", "onnx"), "openvino_peer", ("predict",)),
    Peer("ncnn", ("ncnn",), "ncnn_peer", ("predict",)),
    Peer("MNN", ("MNN", "onnx"), "mnn_peer", ("predict",)),
    Peer("NumPy", ("numpy",), "numpy_peer"),
)


def skipped(peers: Iterable[Peer] = PEERS) -> dict[str, str]:
    """Why a peer is not measured, by its name."""
    return {peer.name: f"not installed: {', '.join(peer.missing)}" for peer in peers if peer.missing}


def variants(case: Case, pattern: str = "", peers: Iterable[Peer] = PEERS) -> dict[str, Make]:
    """What makes each contender of a case but ours: of the peers that are here, and whose variant's name matches."""
    return {
        name: make
        for peer in peers
        if not peer.missing
        for name, make in peer.variants(case).items()
        if re.search(pattern, name, re.IGNORECASE)
    }
