"""Moving values: copies, transposes, padding, cropping."""
