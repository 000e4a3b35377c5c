"""Columns of a book by their addresses, so that one kernel reads any number of them.

numba compiles a function anew for every number of arrays that it takes; an address is a number,
and an array of addresses has one type.
"""

from typing import Any

import numpy as np
from numba import carray, types  # type: ignore[attr-defined,unused-ignore]
from numba.core import cgutils
from numba.extending import intrinsic

from rating.kernels.jit import kernel


def _typed_pointer(_typing: Any, address: Any) -> Any:  # noqa: ANN401 - numba's types of types
    """Turn an address into a pointer."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:  # noqa: ANN401 - numba's own
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


def _typed_number(_typing: Any, address: Any) -> Any:  # noqa: ANN401 - numba's types of types
    """Read the float64 at an address."""

    def generate(context: Any, builder: Any, _signature: Any, values: Any) -> Any:  # noqa: ANN401 - numba's own
        number = context.get_value_type(types.float64)
        return builder.load(builder.inttoptr(values[0], number.as_pointer()))

    return types.float64(address), generate


_pointer: Any = intrinsic(_typed_pointer)
number_at: Any = intrinsic(_typed_number)
"""The float64 at an address: one number, without an array around it."""


@kernel
def codes_at(address: int, size: int) -> Any:  # noqa: ANN401 - an array of int32
    """Give the int32 column that starts at an address."""
    return carray(_pointer(address), size, np.int32)


@kernel
def floats_at(address: int, size: int) -> Any:  # noqa: ANN401 - an array of float64
    """Give the float64 column that starts at an address."""
    return carray(_pointer(address), size, np.float64)


@kernel
def places_at(address: int, size: int) -> Any:  # noqa: ANN401 - an array of int64
    """Give the int64 column that starts at an address."""
    return carray(_pointer(address), size, np.int64)
