"""Edits that mend a finding: candidates, proofs, findings that an error masks, models in memory."""
