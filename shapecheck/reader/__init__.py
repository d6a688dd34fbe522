"""Python source -> stacks, compile and fit calls, and the shapes of the data that flow into them. Nothing is executed or imported.

source: text, notebooks and what parses of them. interpreter, expressions, calls: an abstract interpreter, bounded in
steps and memory. values: what a name may stand for. libraries, models, layers, functional: what Keras's names mean.
arrays, datasets, pipelines: data as shapes. dialects: spellings of Keras 1 and 2 made canonical.
"""
