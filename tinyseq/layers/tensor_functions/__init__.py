"""What can be done with tensors and arrays beside layers: the functions behind tinyseq.ops and behind x + 1, x[:, -1], x @ y.

    primitives  elementwise.py, reductions.py, products.py, movement.py: NumPy forward and gradient of each
    operation   the layer that one of them is in a graph
    calling     on arrays a primitive computes at once, on tensors it becomes a node
    composed    the functions of tinyseq.ops, made of primitives: var, softmax, norm ...
"""
