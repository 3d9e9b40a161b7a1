"""Coefficients of fitted models as JSON; each file says what it was fitted on, and for which embedder."""
