"""The small typed language of values: parsed once with places, never `eval`."""
