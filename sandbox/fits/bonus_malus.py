"""`bonus_malus`: where policies come to stand on a scale, and the factors that would be fair."""

from product_factory.strict import read
from rating.bonus_malus import BonusMalusSpec, read_claims, standing
from rating.bonus_malus.write import levels_csv, lines, told, years_csv
from sandbox.fits.outcome import Asked, Outcome


def fit(asked: Asked) -> Outcome:
    """Fit a scale: a table of its levels, and the years of those who begin together."""
    asked.only()
    spec = read(BonusMalusSpec, asked.node)
    claims = read_claims(spec, asked.data)
    found = standing(spec.scale, claims.mean, claims.shape, spec.years)
    files = {
        f"{spec.fit}.csv": levels_csv(spec, claims, found).encode(),
        "years.csv": years_csv(spec, found).encode(),
    }
    lines_ = lines(spec, claims, found)
    return Outcome(told(spec, claims, found), lines_, files, bool(claims.rejects))
