"""Proofs for any size: a stack whose sizes are not all in the file, but whose rules hold whatever they are."""
