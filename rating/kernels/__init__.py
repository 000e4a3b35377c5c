"""Functions of arrays, compiled by numba, and the plain ones that they are made of."""
