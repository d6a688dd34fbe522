"""Facts drawn: text for people, json for programs, github for pull requests. Nothing here decides anything."""
