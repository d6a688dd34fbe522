"""Drawings of the facts: text for people, json for programs, github for pull requests. Nothing here is decided."""
