"""The plain kernels that pay claims, compiled: the same source, so the same cents."""

from rating.kernels import emanuel as emanuel_file
from rating.kernels import scalar, settle, terms
from rating.kernels.jit import kernel, register_module

for _module in (terms, scalar, emanuel_file):
    register_module(_module.__name__)
register_module(settle.__name__)

settle_compiled = kernel(settle.settle)
