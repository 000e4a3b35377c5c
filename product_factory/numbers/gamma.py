"""The gamma function and the incomplete gamma ratios, portable to the bit.

Notation and identities follow the NIST Digital Library of Mathematical Functions, chapters 5
and 8. Densities are taken in the saddle-point form of C. Loader, "Fast and accurate computation
of binomial probabilities" (2000), which keeps its digits where logarithms of factorials cancel.
"""

import math

from product_factory.numbers.normal import normal_quantile
from product_factory.numbers.portable import exp, log, log1p, power

HALF_LOG_TWO_PI = 0.91893853320467274178
TWO_PI = 6.28318530717958647693
ONE_LESS_EULER = 0.42278433509846713939
ASYMPTOTIC = 9.0
"""From here on the asymptotic series of log gamma is exact to the last digits."""
SMALL_COUNT = 10.0
"""Below, Poisson weights are products of powers; above, they are in saddle-point form."""
NEGLIGIBLE = 1e-17
SMALLEST = 1e-300
CLOSE = 0.1
MOST_TERMS = 100000
MOST_STEPS = 200
FRACTION_FROM = 0.5
"""For shapes below 1 the continued fraction is used from here on, since 1 - P would cancel."""
NEARLY_ALL = 0.9
"""Up to this chance quantiles are solved in the lower tail, from here in the upper one."""
STEP = 4e-16
LAST_STEP = 1e-10
"""Newton squares its error: a step this small, relative to x, leaves none to be seen."""

# (-1)**k (zeta(k) - 1) / k for k = 29, 28, ..., 2 (DLMF 5.7.3)
ZETA_SERIES = (
    -6.4229645638381e-11,
    1.330476437424449e-10,
    -2.7595228851242334e-10,
    5.731367241678862e-10,
    -1.1921401405860912e-09,
    2.4836745438024785e-09,
    -5.183475041970047e-09,
    1.0838659214896955e-08,
    -2.2711094608943164e-08,
    4.7698101693639804e-08,
    -1.0043224823968099e-07,
    2.1207184805554665e-07,
    -4.492469198764566e-07,
    9.55141213040742e-07,
    -2.039215753801366e-06,
    4.374866789907488e-06,
    -9.439488275268397e-06,
    2.050721277567069e-05,
    -4.492623673813314e-05,
    9.945751278180853e-05,
    -0.00022315475845357939,
    0.0005096695247430425,
    -0.001192753911703261,
    0.0028905103307415234,
    -0.007385551028673986,
    0.020580808427784546,
    -0.0673523010531981,
    0.3224670334241132,
)
# B(2k) / (2k (2k - 1)) for k = 9, 8, ..., 1 (DLMF 5.11.1)
STIRLING_SERIES = (
    43867.0 / 244188.0,
    -3617.0 / 122400.0,
    1.0 / 156.0,
    -691.0 / 360360.0,
    1.0 / 1188.0,
    -1.0 / 1680.0,
    1.0 / 1260.0,
    -1.0 / 360.0,
    1.0 / 12.0,
)


def stirling_tail(x: float) -> float:
    """Return ln Gamma(x) - ((x - 1/2) ln x - x + ln(2 pi) / 2) for x >= ASYMPTOTIC."""
    z = 1.0 / (x * x)
    total = 0.0
    for coefficient in STIRLING_SERIES:
        total = total * z + coefficient
    return total / x


def log_gamma(x: float) -> float:
    """Return ln Gamma(x) for x > 0: inf at 0 and infinity, nan below 0."""
    if not 0.0 < x < math.inf:
        return math.inf if x >= 0.0 else math.nan
    if x >= ASYMPTOTIC:
        return ((x - 0.5) * log(x) - x) + (HALF_LOG_TWO_PI + stirling_tail(x))
    # move x next to 2, where ln Gamma(2 + z) is a fast series
    z = x - 2.0
    product = 1.0
    while z > 0.5:
        product *= z + 1.0
        z -= 1.0
    shift = log(product)
    if x < 0.5:
        z = x
        shift = -log(x) - log1p(x)
    elif x < 1.5:
        z = x - 1.0
        shift = -log1p(z)
    total = 0.0
    for coefficient in ZETA_SERIES:
        total = total * z + coefficient
    return shift + z * (ONE_LESS_EULER + z * total)


def stirling_error(x: float) -> float:
    """Return ln Gamma(x + 1) - ((x + 1/2) ln x - x + ln(2 pi) / 2) for x > 0 (Loader)."""
    if x >= ASYMPTOTIC:
        return stirling_tail(x)
    return log_gamma(x + 1.0) - (x + 0.5) * log(x) + x - HALF_LOG_TWO_PI


def deviance(x: float, mean: float) -> float:
    """Return x ln(x / mean) + mean - x for x, mean > 0 without cancellation (Loader's bd0)."""
    difference = x - mean
    if abs(difference) >= CLOSE * (x + mean):
        return x * log(x / mean) + mean - x
    v = difference / (x + mean)
    total = difference * v
    term = 2.0 * x * v
    square = v * v
    for j in range(1, MOST_TERMS):
        term *= square
        before = total
        total += term / (2.0 * j + 1.0)
        if total == before:
            break
    return total


def poisson_weight(x: float, mean: float) -> float:
    """Return mean**x exp(-mean) / Gamma(x + 1) for real x >= 0 and mean >= 0."""
    if not 0.0 < mean < math.inf:
        return 1.0 if x == 0.0 and mean == 0.0 else 0.0
    if x == 0.0:
        return exp(-mean)
    if x < SMALL_COUNT:
        decay = exp(-mean)
        # the power of so large a mean may be infinite
        return power(mean, x) * decay * exp(-log_gamma(x + 1.0)) if decay > 0.0 else 0.0
    return exp(-stirling_error(x) - deviance(x, mean)) / math.sqrt(TWO_PI * x)


def gamma_series(a: float, x: float) -> float:
    """Return the sum of x**n / ((a + 1) ... (a + n)) over n >= 0 (DLMF 8.7.1, 8.11.4)."""
    term = 1.0
    total = 1.0
    for n in range(1, MOST_TERMS):
        term *= x / (a + n)
        total += term
        if term < total * NEGLIGIBLE:
            break
    return total


def gamma_fraction(a: float, x: float) -> float:
    """Return Gamma(a, x) x**-a exp(x) by its continued fraction (DLMF 8.9.2, Lentz's method)."""
    b = x + 1.0 - a
    c = 1.0 / SMALLEST
    d = 1.0 / b
    value = d
    for n in range(1, MOST_TERMS):
        numerator = -n * (n - a)
        b += 2.0
        d = 1.0 / (numerator * d + b)
        c = b + numerator / c
        step = c * d
        value *= step
        if abs(step - 1.0) < STEP:
            break
    return value


def fraction_is_better(a: float, x: float) -> bool:
    """Tell whether the upper ratio is to be computed, and the lower one as the rest."""
    return x > a + 1.0 or (a < 1.0 and x > FRACTION_FROM)


def gamma_lower(a: float, x: float) -> float:
    """Return P(a, x), the chance that a gamma variable of shape a > 0 and scale 1 is below x."""
    if x <= 0.0:
        return 0.0
    if x == math.inf:
        return 1.0
    if fraction_is_better(a, x):
        return 1.0 - poisson_weight(a, x) * a * gamma_fraction(a, x)
    return poisson_weight(a, x) * gamma_series(a, x)


def gamma_upper(a: float, x: float) -> float:
    """Return Q(a, x) = 1 - P(a, x), with its digits kept in the tail."""
    if x <= 0.0:
        return 1.0
    if x == math.inf:
        return 0.0
    if fraction_is_better(a, x):
        return poisson_weight(a, x) * a * gamma_fraction(a, x)
    return 1.0 - poisson_weight(a, x) * gamma_series(a, x)


def gamma_guess(a: float, u: float) -> float:
    """Return a first guess of the quantile: Wilson and Hilferty (1931), or the power law at 0."""
    c = 1.0 / (9.0 * a)
    cube = 1.0 - c + normal_quantile(u) * math.sqrt(c)
    if a > 1.0 and cube > 0.1:
        return a * cube * cube * cube
    return exp((log(u) + log_gamma(a + 1.0)) / a)


def gamma_between(low: float, high: float) -> float:
    """Return a point between two bounds, by magnitude; either may still be unknown."""
    if low == 0.0:
        return 0.1 * high
    return 10.0 * low if high == math.inf else math.sqrt(low) * math.sqrt(high)


def gamma_quantile(a: float, u: float) -> float:
    """Return the x with P(a, x) = u: 0 at u = 0, inf at u = 1, nan outside."""
    if not 0.0 < u < 1.0:
        if u == 0.0:
            return 0.0
        return math.inf if u == 1.0 else math.nan
    x = gamma_guess(a, u)
    lower = u <= NEARLY_ALL
    target = u if lower else 1.0 - u
    low = 0.0
    high = math.inf
    for _ in range(MOST_STEPS):
        if x < SMALLEST:
            return x
        # Newton on ln P as a function of ln x, straight at 0; on ln Q in x, straight at infinity
        slope = a * poisson_weight(a, x)
        p = gamma_lower(a, x) if lower else gamma_upper(a, x)
        ahead = -1.0
        if slope > 0.0 and p > 0.0:
            step = p / slope * log(p / target)
            ahead = x * exp(-step) if lower else x + step * x
        if abs(ahead - x) <= LAST_STEP * x:
            return ahead
        if (p > target) == lower:
            high = min(high, x)
        else:
            low = max(low, x)
        if not low < ahead < high:
            ahead = gamma_between(low, high)
        x = ahead
    return x
