"""The tutorial's specification on the whole of freMTPL2, beside scikit-learn's published example.

Schelldorfer and Wuthrich's data as prepared in scikit-learn's "Tweedie regression on insurance
claims": counts clipped at 4, and 0 where no amount is; exposure clipped at 1; amounts at 200,000;
a quarter held out with seed 0.
"""

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import GammaRegressor, PoissonRegressor, TweedieRegressor
from sklearn.metrics import d2_tweedie_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    OneHotEncoder,
    StandardScaler,
)

from tests.rating.relativities.tutorial import PAGE, specification
from tests.the_command import ROOT, inside

FOLDERS = (ROOT.parent, ROOT.parent.parent)  # the second of a worktree
FOUND = [path for one in FOLDERS if (path := one / "shared" / "data" / "motor_fremtpl2").is_dir()]
pytestmark = pytest.mark.skipif(not FOUND, reason="freMTPL2 is not beside the project")
CAP, CAPPED, WHOLE = 200_000, 52_171_637.08, 59_909_216.5


def lorenz_gini(observed, predicted, exposure):
    """As the example computes it: policies one by one, safest first, on the exposure axis."""
    order = np.argsort(predicted)
    losses = np.cumsum(observed[order])
    years = np.cumsum(exposure[order])
    return 1.0 - 2.0 * np.trapezoid(losses / losses[-1], years / years[-1])


def prepared():
    frame = pd.read_parquet(FOUND[0] / "freMTPL2freq.parquet")
    paid = pd.read_parquet(FOUND[0] / "freMTPL2sev.parquet").groupby("IDpol")["ClaimAmount"].sum()
    frame["ClaimAmount"] = frame["IDpol"].map(paid).fillna(0.0)
    frame.loc[frame["ClaimAmount"] == 0.0, "ClaimNb"] = 0
    frame["ClaimNb"] = frame["ClaimNb"].clip(upper=4)
    frame["Exposure"] = frame["Exposure"].clip(upper=1.0)
    frame["ClaimAmount"] = frame["ClaimAmount"].clip(upper=CAP)
    return frame


def scikit_learn(frame):
    """The example's three models: test D² of the frequency, Gini of product and of Tweedie."""
    logged = make_pipeline(FunctionTransformer(np.log), StandardScaler())
    bins = KBinsDiscretizer(
        n_bins=10, subsample=None, quantile_method="averaged_inverted_cdf", random_state=0
    )
    words = ["VehBrand", "VehPower", "VehGas", "Region", "Area"]
    columns = ColumnTransformer(
        [
            ("binned", bins, ["VehAge", "DrivAge"]),
            ("words", OneHotEncoder(), words),
            ("as it is", "passthrough", ["BonusMalus"]),
            ("logged", logged, ["Density"]),
        ]
    )
    plain = frame.astype({"VehAge": float, "DrivAge": float, "BonusMalus": float})
    plain = plain.astype({"Density": float, "VehPower": int})
    table = columns.fit_transform(plain)
    kept, held = train_test_split(np.arange(len(frame)), random_state=0)
    years, counts, paid = (frame[c].to_numpy(float) for c in ("Exposure", "ClaimNb", "ClaimAmount"))
    solver = "newton-cholesky"
    poisson = PoissonRegressor(alpha=1e-4, solver=solver)
    poisson.fit(table[kept], (counts / years)[kept], sample_weight=years[kept])
    some = kept[paid[kept] > 0.0]
    gamma = GammaRegressor(alpha=10.0, solver=solver)
    gamma.fit(table[some], (paid[some] / counts[some]), sample_weight=counts[some])
    tweedie = TweedieRegressor(power=1.9, alpha=0.1, solver=solver)
    tweedie.fit(table[kept], (paid / years)[kept], sample_weight=years[kept])
    rate = poisson.predict(table[held])
    explained = d2_tweedie_score((counts / years)[held], rate, sample_weight=years[held], power=1)
    ginis = [
        lorenz_gini(paid[held], mean, years[held])
        for mean in (rate * gamma.predict(table[held]), tweedie.predict(table[held]))
    ]
    return held, explained, ginis


def test_a_sample_of_the_french_book_is_fitted_and_rated(tmp_path):
    """Every twentieth policy with all of its claims, by the tutorial's file."""
    text = specification() + "tests: no\n"
    (tmp_path / "motor.glm.yaml").write_text(text, encoding="utf-8")
    freq, sev = (pd.read_parquet(FOUND[0] / f"freMTPL2{name}.parquet") for name in ("freq", "sev"))
    some = freq[freq["IDpol"].astype(int) % 20 == 3]
    claims = sev[sev["IDpol"].isin(some["IDpol"])]
    some.to_parquet(tmp_path / "freq.parquet", index=False)
    claims.to_parquet(tmp_path / "sev.parquet", index=False)
    run = inside("fit", "motor.glm.yaml", "--data", "freq.parquet", "--claims", "sev.parquet",
                 "-o", "my", "--json", cwd=tmp_path)  # fmt: skip
    assert run.returncode in (0, 1), run.stderr
    told = json.loads(run.stdout)
    paid = claims.groupby("IDpol")["ClaimAmount"].sum()
    assert told["joined"]["rows"] == len(claims) - told["joined"]["orphans"]
    assert told["joined"]["total"] == pytest.approx(paid.sum(), rel=1e-12)
    assert told["joined"]["policies"] == len(paid)
    assert told["amounts"] == pytest.approx(paid.clip(upper=CAP).sum(), rel=1e-12)
    scores = {(s["what"], s["where"]): s for s in told["scores"]}
    assert scores["frequency", "all"]["ratio"] == pytest.approx(1.0, abs=1e-5)
    keep = ("--keep", "IDpol", "--keep", "ClaimNb", "--keep", "Area")
    command = ("rate", "motor", "freq.parquet", "-o", "out.parquet", "--shelf", "my", *keep)
    run = inside(*command, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    rated = pd.read_parquet(tmp_path / "out.parquet")
    assert len(rated) == len(some)
    assert rated["payable"].sum() == pytest.approx(paid.sum(), rel=1e-5)


@pytest.mark.prove
def test_the_french_book_is_fitted_and_rated_beside_scikit_learn(tmp_path):
    text = specification() + "tests: no\n"
    (tmp_path / "motor.glm.yaml").write_text(text, encoding="utf-8")
    freq, sev = (str(FOUND[0] / f"freMTPL2{name}.parquet") for name in ("freq", "sev"))
    run = inside("fit", "motor.glm.yaml", "--data", freq, "--claims", sev, "-o", "my", "--json",
                 cwd=tmp_path)  # fmt: skip
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert told["joined"] == {
        "rows": 26_444,
        "total": pytest.approx(WHOLE, abs=0.01),
        "policies": 24_944,
        "orphans": 195,
        "orphan_ids": 6,
        "silent": 9_116,
        "silent_claims": 9_657.0,
    }
    assert told["amounts"] == pytest.approx(CAPPED, abs=0.01)
    scores = {(s["what"], s["where"]): s for s in told["scores"]}
    assert scores["frequency", "all"]["ratio"] == pytest.approx(1.0, abs=1e-5)
    assert scores["frequency", "held out"]["explained"] >= 0.042
    assert scores["premium", "held out"]["gini"] >= 0.27
    assert scores["severity", "held out"]["explained"] > 0.0

    held, explained, ginis = scikit_learn(prepared())
    assert held.size == scores["premium", "held out"]["rows"]
    assert scores["frequency", "held out"]["explained"] > explained
    assert scores["premium", "held out"]["gini"] > max(ginis)
    ours = scores["frequency", "held out"]["explained"], scores["premium", "held out"]["gini"]
    page = PAGE.read_text(encoding="utf-8")
    assert f"| this page's file | {ours[0]:.2%} | {ours[1]:.3f} |" in page
    assert f"| scikit-learn, Poisson × gamma | {explained:.2%} | {ginis[0]:.3f} |" in page
    assert f"| scikit-learn, Tweedie | | {ginis[1]:.3f} |" in page

    keep = ("--keep", "IDpol", "--keep", "ClaimNb", "--keep", "Area")
    run = inside("rate", "motor", freq, "-o", "out.parquet", "--shelf", "my", *keep, cwd=tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    rated = pd.read_parquet(tmp_path / "out.parquet")
    assert len(rated) == 678_013
    assert rated["payable"].sum() == pytest.approx(WHOLE, rel=1e-5)
    load = told["premium"]["load"]
    assert load == pytest.approx(WHOLE / CAPPED, rel=1e-6)
    assert rated["payable"].sum() / load == pytest.approx(CAPPED, rel=1e-5)
