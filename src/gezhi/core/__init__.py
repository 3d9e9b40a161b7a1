"""The shared nouns, errors, names and paths. Imports nothing from outside the standard library."""
