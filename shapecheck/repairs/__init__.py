"""Edits that mend a finding: candidates, proofs, what an error masks, models in memory."""
