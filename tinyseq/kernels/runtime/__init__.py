"""Running recorded kernel calls without Python, and sharing them among threads."""
