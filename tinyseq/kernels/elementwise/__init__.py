"""Number by number: activations, dropout, merging, rescaling."""
