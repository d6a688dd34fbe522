"""Model files: recognised by their bytes, opened with bounds, and their configuration read into layers. No weight is loaded here."""
