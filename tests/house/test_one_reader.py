"""Files that others made are opened in few places, each of which trusts nothing: a second one would be mended last."""

from __future__ import annotations

import ast

from tests.house.imports import modules

OPENERS = {
    "h5py": {"tinyseq.saving.hdf5_weights", "tinyseq.saving.legacy_weights"},  # to write
    "pyfive": {"shapecheck.model_files.hdf5"},
    "safetensors": {"tinyseq.saving.safetensors_weights"},
    "zipfile": {
        "shapecheck.model_files.keras_archive", "tinyseq.saving.npz_weights", "shapecheck.single_file",
        *("tinyseq.saving.keras_file", "tinyseq.classroom.kit.own_wheel"),  # to write
        "tinyseq.classroom.kit.wheels",  # packages that pip has downloaded
    },
    "tarfile": {"tinyseq.datasets.cifar"},
    "pickle": {"tinyseq.datasets.cifar", "tinyseq.kernels.jit.disk_cache"},
    "marshal": set(),
    "dill": set(),
    "shelve": set(),
}
"""The module that opens, and who may import it."""

LOADS = {"tinyseq.datasets.mnist", "tinyseq.datasets.embedded"}
"""Who calls np.load: on data sets of a known hash, and on files of this package."""


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def second_places(sources: dict[str, ast.Module]) -> list[str]:
    found = []
    for name, tree in sources.items():
        for module in imported(tree) & OPENERS.keys():
            if name not in OPENERS[module]:
                found.append(f"{name} imports {module}")
        for node in ast.walk(tree):
            loads = isinstance(node, ast.Attribute) and node.attr == "load" and ast.unparse(node.value) in ("np", "numpy")
            if loads and name not in LOADS:
                found.append(f"{name} calls np.load")
    return found


def test_only_the_known_places_open_files_of_others() -> None:
    assert second_places({**dict(modules("tinyseq")), **dict(modules("shapecheck"))}) == []


def test_a_second_place_would_be_found() -> None:
    bad = {"tinyseq.models": ast.parse("import h5py\nimport numpy as np\nfrom zipfile import ZipFile\nnp.load('x')")}
    assert len(second_places(bad)) == 3
