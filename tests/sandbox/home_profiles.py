"""Risk profiles of home that the law and the kernels are held on."""

import numpy as np

from product_factory.assembled import AssembledProduct
from sandbox.laws.profiles import Profile
from tests.the_shelf import shipped

HOME: AssembledProduct = shipped("home")
NONE = (np.nan, np.nan)


def home_profile(
    name: str,
    city: str,
    construction: str,
    deductible: float,
    building: tuple[float, float] = NONE,
    contents: tuple[float, float] = NONE,
) -> Profile:
    """Give a home; of each item the value and the sum insured, NONE where it is not insured."""
    kinds = {name: variable.type for name, variable in HOME.variables.items()}
    values = {
        "city": float(kinds["city"].code(city)),
        "construction": float(kinds["construction"].code(construction)),
        "deductible": float(kinds["deductible"].code(f"{deductible:g}")),
    }
    items = {
        "value": np.array([building[0], contents[0]]),
        "sum_insured": np.array([building[1], contents[1]]),
    }
    present = np.array([building is not NONE, contents is not NONE], dtype=np.int64)
    return Profile(name, values, items, present)


PROFILES = (
    home_profile(
        "Xiamen, concrete, under-insured",
        "xiamen",
        "reinforced_concrete",
        500,
        building=(2_000_000.0, 1_500_000.0),
        contents=(300_000.0, 200_000.0),
    ),
    home_profile(
        "Wenzhou, brick and concrete, building only",
        "wenzhou",
        "brick_concrete",
        1000,
        building=(1_000_000.0, 1_000_000.0),
    ),
    home_profile(
        "Guangzhou, brick and wood, dear contents",
        "guangzhou",
        "brick_wood",
        500,
        building=(800_000.0, 800_000.0),
        contents=(800_000.0, 500_000.0),
    ),
)
