"""Python source -> stacks, compile and fit calls, and the shapes of their data. Nothing is executed or imported.

source: text, notebooks and what parses of them. interpreter, expressions, calls: an abstract interpreter, bounded in
steps and memory. values: what a name may mean. libraries, models, layers, functional: the meaning of Keras's names.
arrays, datasets, pipelines: data as shapes. dialects: spellings of Keras 1 and 2 converted to today's.
"""
