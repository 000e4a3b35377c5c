"""What strikes a place and what it destroys: event sets, wind fields, damage curves.

`footprint` is the one file here that loads numba; products and quotes do not import it.
"""
