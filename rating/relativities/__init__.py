"""Relativities from policies and claims: generalised linear models, filed as tables and steps.

`specification` says what a file says and needs no glum; `data` reads the policies; `result` fits.
"""
