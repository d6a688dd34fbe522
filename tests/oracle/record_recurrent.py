"""Record what Keras computes for recurrent layers and their kin -> recurrent.npz.

    python -m tests.oracle.record_recurrent

For each line of tests/cases.py whose layer is one of FAMILY, and of tests/data/sequences.py: all outputs, and the gradients of the sum of
output * g over all outputs, with respect to the inputs and the trainable weights, which are numbered in Keras's order.
"""

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tests.cases import CASES, Case
from tests.data import arrays
from tests.data.sequences import FAMILY, NETS, Net, inputs_of, long_cases, weights_of
from tests.oracle.keras_side import HERE, keras, layer_of

Answers = dict[str, NDArray[np.float32]]


def answered(case: Case) -> Answers:
    """Of a layer alone."""
    inputs = [tf.constant(array) for array in arrays.inputs(case)]
    layer = layer_of(case)
    more = {"initial_state": inputs[1:]} if len(inputs) > 1 else {}
    layer(inputs[0], **more)
    if getattr(layer, "stateful", False):
        layer.reset_state()
    names, shapes = [v.name for v in layer.weights], [tuple(v.shape) for v in layer.weights]
    layer.set_weights(arrays.weights(case, names, shapes))

    def run() -> Any:
        return layer(inputs[0], training=False, **more)

    return _asked(run, [x for x in inputs if x.dtype.is_floating], layer.trainable_weights, case)


def _asked(run: Any, inputs: list[Any], variables: list[Any], case: Any) -> Answers:
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        outputs = run()
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        loss = sum(
            tf.reduce_sum(output * arrays.output_gradient(case, tuple(output.shape), number)) for number, output in enumerate(outputs)
        )
    found = tape.gradient(loss, inputs + [variable.value for variable in variables], unconnected_gradients="zero")
    answers = {f"output {number}": output.numpy() for number, output in enumerate(outputs)}
    for number, gradient in enumerate(found[: len(inputs)]):
        answers[f"input {number}"] = gradient.numpy()
    for number, gradient in enumerate(found[len(inputs) :]):
        answers[f"weight {number}"] = tf.convert_to_tensor(gradient).numpy()
    return answers


def of_net(net: Net) -> Answers:
    """Of a small model."""
    model = net.make(keras)
    model.set_weights(weights_of(net, [tuple(v.shape) for v in model.weights]))
    inputs = [tf.constant(array) for array in inputs_of(net)]
    watched = [x for x in inputs if x.dtype.is_floating]
    found = _asked(lambda: model(inputs if len(inputs) > 1 else inputs[0], training=False), watched, model.trainable_weights, net)
    if net.loss is not None:
        model.compile(optimizer=keras.optimizers.SGD(0.0), loss=net.loss, weighted_metrics=list(net.metrics))
        x = inputs_of(net)
        values = model.test_on_batch(x if len(x) > 1 else x[0], net.targets(found["output 0"].shape), return_dict=True)
        found |= {f"value {name}": np.float32(value) for name, value in values.items()}
    return found


def main() -> None:
    everything: Answers = {}
    for case in [case for case in (*CASES, *long_cases()) if case.layer in FAMILY and case.known and case.compute]:
        for name, array in answered(case).items():
            assert np.isfinite(array).all(), (case.key, name)
            everything[f"{case.key}: {name}"] = array.astype(np.float32)
    for net in NETS:
        for name, array in of_net(net).items():
            everything[f"{net.key}: {name}"] = np.asarray(array, np.float32)
    np.savez_compressed(HERE / "recurrent.npz", **everything)


if __name__ == "__main__":
    main()
