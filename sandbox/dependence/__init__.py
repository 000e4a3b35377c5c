"""Dependence between lines and years: copulas, shared frequencies, reordered results."""
