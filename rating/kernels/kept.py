"""The disk cache of compiled kernels; a file of it that was cut short or damaged stops nothing."""

from typing import Any

from numba.core.caching import FunctionCache


class Kept(FunctionCache):
    """What numba keeps of a kernel. Where a file of it cannot be read, all of it is made anew."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:  # noqa: ANN401 - of numba
        """Give a compiled kernel, None where none is kept that can be read."""
        kept: Any = super()
        try:
            return kept.load_overload(sig, target_context)
        except OSError:
            raise
        except Exception:  # noqa: BLE001 - reading what was cut short raises any error
            kept.flush()
            return None
