"""Which edits might repair a finding: sizes, ranks, words and arguments, merges, data and labels. proofs.py proves what they do."""
