"""What moves a simulated measure most: one assumption at a time, and all of them together.

In use:
    from sandbox.sensitivity.tornado import tornado      each assumption low and high
    from sandbox.sensitivity.sobol import sobol          parts of the variance, Sobol' indices
"""
