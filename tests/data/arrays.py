"""The numbers behind a line of tests/cases.py: inputs, weights and output gradients from seeds that follow from the
line itself, so that the recorded files need to hold only what Keras answered. numpy alone."""

import zlib

import numpy as np
from numpy.typing import NDArray

from tests.cases import Case, Sizes

BATCH = 3


def generator(case: Case, purpose: str) -> np.random.Generator:
    """A generator of its own for each line and purpose: adding a line changes no other line's numbers."""
    return np.random.default_rng(zlib.crc32(f"{case.key}/{purpose}".encode()))


def inputs(case: Case) -> list[NDArray[np.generic]]:
    """One array an input, (BATCH, ...): normal with deviation 1.5, or integers below the first argument."""
    random = generator(case, "inputs")
    return [_array(case, random, (case.batch or BATCH, *(size or 4 for size in shape))) for shape in case.inputs]


def _array(case: Case, random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.generic]:
    """Numbers that the layer can take: indices for an Embedding, whatever their dtype."""
    if case.layer in ("Embedding", "ReversibleEmbedding"):
        return random.integers(0, case.arguments["input_dim"], shape).astype(case.dtype)
    if case.layer in ("CategoryEncoding", "IntegerLookup") or (case.layer in ("Hashing", "HashedCrossing") and case.dtype != "string"):
        return random.integers(0, 6, shape).astype(case.dtype)
    return (1.5 * random.standard_normal(shape)).astype(np.float32)


def weights(case: Case, names: list[str], shapes: list[tuple[int, ...]]) -> list[NDArray[np.float32]]:
    """Small normal values; variances are positive, so that a square root can be taken of them."""
    random = generator(case, "weights")
    return [_weight(random, name, shape) for name, shape in zip(names, shapes, strict=True)]


def _weight(random: np.random.Generator, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    if "variance" in name or "stddev" in name:
        return random.uniform(0.5, 2.0, shape).astype(np.float32)
    return (0.4 * random.standard_normal(shape)).astype(np.float32)


def output_gradient(case: Case, shape: Sizes, number: int = 0) -> NDArray[np.float32]:
    """g of the loss sum(output * g): its gradient with respect to the output is g itself. `number`: of several outputs."""
    return generator(case, f"output gradient {number}" if number else "output gradient").standard_normal(shape).astype(np.float32)  # type: ignore[arg-type]


def adaptation(case: Case) -> NDArray[np.float32]:
    """The rows on which a Normalization adapts: (case.adapt, ...), off centre and spread unevenly."""
    shape = (case.adapt, *(size or 4 for size in case.inputs[0]))
    random = generator(case, "adaptation")
    return (random.uniform(0.5, 3.0, shape[-1:]) * random.standard_normal(shape) + 2.0).astype(np.float32)
