"""Runs a program's kernel calls without Python, on several threads."""
