"""As in tests/engine: a test may set the number of threads."""

from tests.engine.conftest import same_threads

__all__ = ["same_threads"]
