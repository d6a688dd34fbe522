"""What every test of the engine begins and ends with."""

from collections.abc import Iterator

import pytest

import tinyseq as keras


@pytest.fixture(autouse=True)
def same_threads() -> Iterator[None]:
    """Whatever a test sets."""
    before = keras.get_num_threads()
    yield
    keras.set_num_threads(before)


STEP = ("tinyseq.kernels.runtime.calls.stepping", True)
"""What has kernels called one by one from Python: so it is with TINYSEQ_STEP=1 in the environment."""
