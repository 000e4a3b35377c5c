"""Exposure curves: the share of a risk's cost that lies below a share of its sum insured."""

from rating.exposure.curves import CURVES, exposure_curve, swiss_re
from rating.exposure.fit import ExposureFit, fit_exposure
from rating.exposure.layers import Band, Layer, LayerCost, layer_costs
from rating.exposure.specification import ExposureSpec, read_ratios

__all__ = [
    "CURVES",
    "Band",
    "ExposureFit",
    "ExposureSpec",
    "Layer",
    "LayerCost",
    "exposure_curve",
    "fit_exposure",
    "layer_costs",
    "read_ratios",
    "swiss_re",
]
