"""Made policies with the columns of freMTPL2, and claims for them: no row of the data itself."""

import numpy as np
import pandas as pd

LEVELS = {
    "Area": list("ABCDEF"),
    "VehBrand": ["B1", "B10", "B11", "B12", "B13", "B14", "B2", "B3", "B4", "B5", "B6"],
    "VehGas": ["Diesel", "Regular"],
    "Region": ["R11", "R24", "R25", "R53", "R82", "R93"],
}


def policies(size=6000, seed=7):
    """Policies with many more claims than real ones, so that a few thousand show every level."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "IDpol": np.arange(1, size + 1),
            "ClaimNb": np.zeros(size, dtype=np.int64),
            "Exposure": np.round(random.uniform(0.05, 1.02, size), 2),
            "Area": random.choice(LEVELS["Area"], size),
            "VehPower": random.integers(4, 16, size),
            "VehAge": np.minimum(random.poisson(6.0, size), 100),
            "DrivAge": random.integers(18, 91, size),
            "BonusMalus": 50 + np.minimum(180, random.exponential(15.0, size).astype(np.int64)),
            "VehBrand": random.choice(LEVELS["VehBrand"], size),
            "VehGas": random.choice(LEVELS["VehGas"], size),
            "Density": np.exp(random.uniform(0.0, np.log(27000.0), size)).astype(np.int64),
            "Region": random.choice(LEVELS["Region"], size),
        }
    )
    mean = 0.8 * np.exp(0.012 * (frame["BonusMalus"] - 50) - 0.1 * (frame["VehGas"] == "Regular"))
    mean *= np.where(frame["DrivAge"] < 25, 1.6, 1.0) * frame["Exposure"]
    frame["ClaimNb"] = random.poisson(mean)
    for name in LEVELS:
        frame[name] = frame[name].astype("category")
    return frame


def claims(frame, seed=8):
    """A claim a row; some policies have none of theirs, and two rows are of no policy."""
    random = np.random.default_rng(seed)
    of = np.repeat(frame["IDpol"].to_numpy(), frame["ClaimNb"].to_numpy())
    of = of[of % 40 != 0]
    amount = np.round(random.lognormal(7.0, 1.0, of.size), 2)
    strangers = pd.DataFrame({"IDpol": [10**6, 10**6], "ClaimAmount": [500.0, 700.0]})
    return pd.concat([pd.DataFrame({"IDpol": of, "ClaimAmount": amount}), strangers])


def write(folder, size=6000):
    """Write both as Parquet, as policies.parquet and claims.parquet."""
    frame = policies(size)
    frame.to_parquet(folder / "policies.parquet", index=False)
    claims(frame).to_parquet(folder / "claims.parquet", index=False)
    return frame
