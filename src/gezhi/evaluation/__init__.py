"""Measuring answers: is a sentence supported, can a question be answered, how good is a ranking, how sure is that."""
