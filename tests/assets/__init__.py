"""Scripts that made the data files inside tinyseq; run by hand, each says with what."""
