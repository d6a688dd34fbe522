"""From a plain Python function to machine code: the decorator, the small entry points, the cache on disk, numba's internals."""
