"""Generators of event sets, documented parameters in, storms with yearly rates out."""
