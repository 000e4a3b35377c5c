"""`reinsurance.yaml`: the programme that protects a product, read without its kernels."""

from sandbox.reinsurance_file.programme import REINSURANCE, Reinsurance, programme_of

__all__ = ["REINSURANCE", "Reinsurance", "programme_of"]
