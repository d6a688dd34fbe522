"""Real data: what a net learns from it, beside what the same net learns in Keras, with the same data, split and seeds."""
