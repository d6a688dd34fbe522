"""The matrix core: SIMD registers, the register tile, products of matrices."""
