"""Scans of a model's behaviour: bias, safety, diversity, and what it knows by multiple choice and word problems.

A scan measures a ChatModel or a LogProbs, nothing else; replies that cannot be read and requests that failed are
counted apart and are in no rate.
"""
