"""Who may import whom inside tinyseq, and why an import stands inside a function: the arrows of this package as data."""

from __future__ import annotations

Arrow = tuple[str, str]
"""(the module that imports, the one that it imports)"""

ROOMS = (
    "tinyseq.argument_types", "tinyseq.declared", "tinyseq.documented", "tinyseq.did_you_mean", "tinyseq.registered", "tinyseq.nests",
    "tinyseq.kernels",
    "tinyseq.weights",
    "tinyseq.engine",
    "tinyseq.error_repairs",
    "tinyseq.inputs", "tinyseq.compile_notice",
    "tinyseq.layers", "tinyseq.ops", "tinyseq.activations", "tinyseq.random",
    "tinyseq.training", "tinyseq.distribution", "tinyseq.config",
    "tinyseq.memory_estimate",
    "tinyseq.saving", "tinyseq.inspection",
    "tinyseq.summary",
    "tinyseq.structure", "tinyseq.following", "tinyseq.array_inputs", "tinyseq.functional", "tinyseq.model",
    "tinyseq.sequential",
    "tinyseq.losses", "tinyseq.metrics", "tinyseq.optimizers", "tinyseq.callbacks", "tinyseq.initializers", "tinyseq.regularizers",
    "tinyseq.constraints", "tinyseq.models", "tinyseq.pipelines", "tinyseq.bounding_boxes", "tinyseq.utils",
    "tinyseq.preprocessing", "tinyseq.backend", "tinyseq.datasets", "tinyseq.plotting",
    "tinyseq.applications", "tinyseq",
    "tinyseq.classroom", "tinyseq.warmup", "tinyseq.doctor", "tinyseq.demo", "tinyseq.__main__",
)  # fmt: skip
"""From the ground up: a module imports what stands to its left, and others of its own room."""

HEAVY = {
    "numba": 380.0,
    "tinyseq.kernels": 400.0,
    "matplotlib": 140.0,
    "tinyseq.plotting": 180.0,
    "rich": 50.0,
}
"""What loads slowly, and the milliseconds that a start without it saves (Zen 4, everything in the page cache)."""

SAVED = {
    ("tinyseq.__main__", "tinyseq.classroom.tutorials"): 70.0,
    ("tinyseq.__main__", "tinyseq.classroom.kit.download"): 60.0,
    ("tinyseq.__main__", "tinyseq.classroom.kit.making"): 80.0,
    ("tinyseq.__main__", "tinyseq.demo"): 150.0,
    ("tinyseq.__main__", "tinyseq.doctor"): 150.0,
    ("tinyseq.__main__", "tinyseq.models"): 150.0,
    ("tinyseq.__main__", "tinyseq.warmup"): 150.0,
    ("tinyseq.datasets.download", "http.client"): 30.0,
    ("tinyseq.datasets.download", "urllib.error"): 5.0,
    ("tinyseq.datasets.download", "urllib.request"): 45.0,
    ("tinyseq.did_you_mean", "difflib"): 1.1,
    ("tinyseq.distribution", "mpi4py"): 150.0,
    ("tinyseq.engine.engine", "tinyseq.engine.parallel"): 400.0,
    ("tinyseq.engine.engine", "tinyseq.engine.program"): 400.0,
    ("tinyseq.error_repairs", "shapecheck.repairs.live"): 16.0,
    ("tinyseq.saving.live_keras", "keras"): 3000.0,
    ("tinyseq.saving.methods", "tinyseq.saving.compile_config"): 30.0,
    ("tinyseq.saving.methods", "tinyseq.saving.keras_code"): 30.0,
    ("tinyseq.saving.methods", "tinyseq.saving.live_keras"): 30.0,
    ("tinyseq.following", "tinyseq.layers.traced"): 6.7,
    ("tinyseq.inspection.methods", "tinyseq.inspection.checking"): 15.2,
    ("tinyseq.inspection.methods", "tinyseq.inspection.diagnosis"): 12.3,
    ("tinyseq.inspection.methods", "tinyseq.inspection.gradients"): 14.8,
    ("tinyseq.layers", "shapecheck.reader.keras.dialects"): 1.8,
    ("tinyseq.layers", "tinyseq.layers.operators"): 12.6,
    ("tinyseq.layers", "tinyseq.layers.traced"): 6.7,
    ("tinyseq.model", "tinyseq.summary"): 1.9,
    ("tinyseq.saving.methods", "tinyseq.saving.model_files"): 30.0,
    ("tinyseq.saving.methods", "tinyseq.saving.onnx_export.write"): 30.0,
    ("tinyseq.saving.methods", "tinyseq.saving.torch_code.write"): 30.0,
    ("tinyseq.saving.onnx_export.write", "onnx"): 300.0,
    ("tinyseq.saving.methods", "tinyseq.saving.weight_files"): 30.0,
    ("tinyseq.models", "tinyseq.saving.live_keras"): 30.0,
    ("tinyseq.models", "tinyseq.saving.model_files"): 30.0,
    ("tinyseq.saving.face", "tinyseq.saving.model_files"): 30.0,
    ("tinyseq.saving.hdf5_weights", "h5py"): 60.0,
    ("tinyseq.saving.legacy_weights", "h5py"): 60.0,
    ("tinyseq.saving.npz_weights", "zipfile"): 11.0,
    ("tinyseq.plotting.live", "IPython"): 250.0,
    ("tinyseq.plotting.live", "IPython.display"): 60.0,
    ("tinyseq.training.tensorboard", "tensorboardX"): 90.0,
    ("tinyseq.saving.safetensors_weights", "safetensors"): 20.0,
    ("tinyseq.saving.safetensors_weights", "safetensors.numpy"): 20.0,
    ("tinyseq.summary", "shapecheck.report.html"): 2.8,
    ("tinyseq.summary", "shapecheck.report.terminal"): 5.2,
    ("tinyseq.summary", "shapecheck.report.wide"): 1.6,
    ("tinyseq.training.batch_steps", "tinyseq.training.step_state"): 32.8,
    ("tinyseq.training.compiling", "tinyseq.training.compiled"): 20.3,
    ("tinyseq.weights.seeds", "random"): 1.0,
}
"""Every other import inside a function, with the milliseconds that it saves at the start."""


def room(module: str) -> int:
    """The place of a module's room in ROOMS. ValueError for a module without one."""
    fitting = [name for name in ROOMS if module == name or (name != "tinyseq" and module.startswith(name + "."))]
    if not fitting:
        raise ValueError(f"{module} has no place in ROOMS: put it where its imports allow")
    return ROOMS.index(fitting[0])


def allowed(arrow: Arrow) -> bool:
    """True if the import goes to the left, or stays in the room."""
    return room(arrow[1]) <= room(arrow[0])
