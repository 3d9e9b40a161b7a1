"""Scores of single answers and rankings. Imports nothing that it measures."""
