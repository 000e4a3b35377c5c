"""Elementary functions from + - * / alone, the same to the bit interpreted and compiled.

Vendor libraries for exp, log and pow differ in last bits between processors; these do not.
Each function is a plain scalar function of floats that uses basic operations, comparisons and
the exact ``math.frexp``, ``math.ldexp`` and ``math.floor``. Outside a function's domain the
answer is nan or an infinity as in IEEE 754; nothing is raised.

Errors, in units in the last place (tested against mpmath): exp, log, log1p below 0.8,
expm1 below 1.1, power below 0.7 wherever the result is a normal number.

Sources: the rational approximations of exp and log are those of FDLIBM 5.3 (Sun Microsystems,
freely distributable); the exact sum and product are Knuth's and Dekker's (1971).
"""

import math

LN2_HIGH = 6.93147180369123816490e-01
"""ln 2 to 32 bits, so that its product with any binary exponent is exact."""
LN2_LOW = 1.90821492927058770002e-10
"""ln 2 - LN2_HIGH."""
INVERSE_LN2 = 1.44269504088896338700e00
HALF_ROOT = 0.7071067811865476
"""Mantissas are taken from here to twice here, so that their logarithm is smallest."""
SPLITTER = 134217729.0
"""2**27 + 1: cuts a double into two halves of 26 bits (Dekker)."""

EXP_OVERFLOW = 709.782712893384
EXP_UNDERFLOW = -745.1332191019412
EXPM1_IS_EXP = 40.0
"""From here on exp(x) - 1 and exp(x) are the same double."""
NEAR_ONE = 0.25
"""log1p needs no correction for 1 + x inside this radius."""
TWO_53 = 9007199254740992.0
TOP_EXPONENT = 1000

TWO_THIRDS_HIGH = 0.6666666666666666
TWO_THIRDS_LOW = 3.700743415417188e-17


def two_sum(a: float, b: float) -> tuple[float, float]:
    """Return (s, e) with s the rounded sum and s + e = a + b exactly."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def two_product(a: float, b: float) -> tuple[float, float]:
    """Return (p, e) with p the rounded product and p + e = a * b exactly; |a|, |b| < 1e150."""
    p = a * b
    t = SPLITTER * a
    a_high = t - (t - a)
    a_low = a - a_high
    t = SPLITTER * b
    b_high = t - (t - b)
    b_low = b - b_high
    return p, ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low


def exp_parts(high: float, low: float) -> tuple[int, float, float]:
    """Return (k, r, q) with exp(high + low) = 2**k * (1 + r + q), |r| <= ln(2) / 2, q small."""
    k = math.floor(high * INVERSE_LN2 + 0.5)
    scale = float(k)
    r, tail = two_sum(high - scale * LN2_HIGH, -scale * LN2_LOW)
    r, tail = two_sum(r, tail + low)
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01
        + t
        * (
            -2.77777777770155933842e-03
            + t
            * (
                6.61375632143793436117e-05
                + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)
            )
        )
    )
    return k, r, tail + tail * r + r * c / (2.0 - c)


def exp_of_sum(high: float, low: float) -> float:
    """Return exp(high + low), where low is the rounding error of high."""
    if high != high:
        return high
    if high > EXP_OVERFLOW + 1.0:
        return math.inf
    if high < EXP_UNDERFLOW - 1.0:
        return 0.0
    k, r, q = exp_parts(high, low)
    s = 1.0 + r
    value = s + (((1.0 - s) + r) + q)
    if k > TOP_EXPONENT:
        # ldexp raises where it overflows; a product becomes infinite instead
        return math.ldexp(value, k - 1) * 2.0
    return math.ldexp(value, k)


def exp(x: float) -> float:
    """Return e**x."""
    if x > EXP_OVERFLOW:
        return math.inf
    return exp_of_sum(x, 0.0)


def expm1(x: float) -> float:
    """Return e**x - 1 without loss near 0."""
    if x != x or x == 0.0:
        return x
    if x > EXPM1_IS_EXP:
        return exp(x)
    if x < -EXPM1_IS_EXP:
        return -1.0
    k, r, q = exp_parts(x, 0.0)
    if k == 0:
        return r + q
    s, e = two_sum(1.0, r)
    high, low = two_sum(math.ldexp(s, k), -1.0)
    return high + (low + math.ldexp(e + q, k))


def log_kernel(f: float, k: float, c: float) -> float:
    """Return k ln 2 + ln(1 + f) + c for 1 + f between HALF_ROOT and twice it, and small c."""
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (
        3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01)
    )
    odd = z * (
        6.666666666666735130e-01
        + w
        * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half = 0.5 * f * f
    return k * LN2_HIGH - ((half - (s * (half + (odd + even)) + (k * LN2_LOW + c))) - f)


def mantissa(x: float) -> tuple[float, float]:
    """Return (m, k) with x = m * 2**k and m from HALF_ROOT to twice it; x finite and above 0."""
    m, exponent = math.frexp(x)
    k = float(exponent)
    if m < HALF_ROOT:
        return m * 2.0, k - 1.0
    return m, k


def log(x: float) -> float:
    """Return the natural logarithm: -inf at 0, nan below."""
    if x != x or x == math.inf:
        return x
    if x <= 0.0:
        return -math.inf if x == 0.0 else math.nan
    m, k = mantissa(x)
    return log_kernel(m - 1.0, k, 0.0)


def log1p(x: float) -> float:
    """Return ln(1 + x) without loss near 0."""
    if not -1.0 < x < math.inf:
        if x == -1.0:
            return -math.inf
        return math.nan if x < -1.0 else x
    if -NEAR_ONE < x < NEAR_ONE:
        return log_kernel(x, 0.0, 0.0)
    u, lost = two_sum(1.0, x)
    m, k = mantissa(u)
    return log_kernel(m - 1.0, k, lost / u)


def log_of(x: float) -> tuple[float, float]:
    """Return ln(x) as an unrounded sum (high, low), good to 2**-65 relative; 0 < x < inf."""
    m, k = mantissa(x)
    f = m - 1.0
    d, d_low = two_sum(m, 1.0)
    s = f / d
    p, p_low = two_product(s, d)
    s_low = (((f - p) - p_low) - s * d_low) / d
    # ln m = 2 s + s z (2/3 + 2/5 z + 2/7 z^2 + ...), z = s^2; the sum is kept in two doubles
    z, z_low = two_product(s, s)
    z_low += 2.0 * s * s_low
    rest = z * (
        0.4
        + z
        * (
            2.0 / 7.0
            + z
            * (
                2.0 / 9.0
                + z
                * (
                    2.0 / 11.0
                    + z
                    * (
                        2.0 / 13.0
                        + z
                        * (
                            2.0 / 15.0
                            + z
                            * (2.0 / 17.0 + z * (2.0 / 19.0 + z * (2.0 / 21.0 + z * 2.0 / 23.0)))
                        )
                    )
                )
            )
        )
    )
    c, c_low = two_sum(TWO_THIRDS_HIGH, rest)
    c_low += TWO_THIRDS_LOW
    a, a_low = two_product(s, z)
    a_low += s * z_low + s_low * z
    b, b_low = two_product(a, c)
    b_low += a * c_low + a_low * c
    high, low = two_sum(2.0 * s, b)
    low += 2.0 * s_low + b_low
    top, top_low = two_sum(k * LN2_HIGH, high)
    return two_sum(top, top_low + low + k * LN2_LOW)


def power_of_positive(x: float, y: float) -> float:
    """Return x**y for 0 < x < inf and finite y."""
    high, low = log_of(x)
    rough = y * high
    if rough > EXP_OVERFLOW + 1.0:
        return math.inf
    if rough < EXP_UNDERFLOW - 1.0:
        return 0.0
    p, p_low = two_product(y, high)
    return exp_of_sum(p, p_low + y * low)


def power(x: float, y: float) -> float:
    """Return x**y; 1 where y is 0; nan for a negative x and a y that is no integer."""
    if y == 0.0 or x == 1.0:
        return 1.0
    if x != x or y != y:
        return math.nan
    if x > 0.0 and x != math.inf and -math.inf < y < math.inf:
        return power_of_positive(x, y)
    return power_at_the_edge(x, y)


def power_at_the_edge(x: float, y: float) -> float:
    """Return x**y where x is negative, 0 or infinite, or y is infinite."""
    size = abs(x)
    whole = abs(y) >= TWO_53 or float(math.floor(y)) == y
    if x < 0.0 and not whole:
        return math.nan
    if size == 1.0:
        value = 1.0
    elif 0.0 < size < math.inf and abs(y) < math.inf:
        value = power_of_positive(size, y)
    else:
        value = math.inf if (size > 1.0) == (y > 0.0) else 0.0
    odd = abs(y) < TWO_53 and whole and math.floor(y) % 2 == 1
    return -value if x < 0.0 and odd else value
