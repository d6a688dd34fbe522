"""Looking into a model: gradients of anything (gradients.py), backward against differences (checking.py), what goes wrong in a run
(diagnosis.py)."""
