"""A model as an ONNX file, by the operators of opset 20: what predict() computes, channels permuted only where an operator needs it."""
