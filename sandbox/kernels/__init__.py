"""Numba functions of the sandbox: arrays in, arrays filled."""
