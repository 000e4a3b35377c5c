"""The standard normal distribution: density, distribution and quantile, portable to the bit.

Sources: the distribution is W. J. Cody, "Rational Chebyshev approximations for the error
function", Mathematics of Computation 23 (1969), in the form of his ANORM (ACM TOMS 715, 1993);
the quantile is M. J. Wichura, "Algorithm AS 241", Applied Statistics 37 (1988), routine PPND16.
Relative error below 2e-15 in both tails (tested against mpmath).
"""

import math

from product_factory.numbers.portable import exp_of_sum, log, two_product

INVERSE_ROOT_TWO_PI = 0.39894228040143267794
CENTRE = 0.67448975
"""The upper quartile, where Cody changes his approximation."""
FAR = 5.656854249492380
"""The square root of 32, where he changes it again."""
VANISHING = 38.6
"""From here on exp(-x**2 / 2) is 0 in double precision."""
WICHURA_CENTRE = 0.425
WICHURA_FAR = 5.0

CENTRE_TOP = (2.2352520354606839287, 161.02823106855587881, 1067.6894854603709582)
CENTRE_BOTTOM = (47.20258190468824187, 976.09855173777669322, 10260.932208618978205)
MIDDLE_TOP = (
    0.39894151208813466764,
    8.8831497943883759412,
    93.506656132177855979,
    597.27027639480026226,
    2494.5375852903726711,
    6848.1904505362823326,
    11602.651437647350124,
)
MIDDLE_BOTTOM = (
    22.266688044328115691,
    235.38790178262499861,
    1519.377599407554805,
    6485.558298266760755,
    18615.571640885098091,
    34900.952721145977266,
    38912.003286093271411,
)
FAR_TOP = (
    0.21589853405795699,
    0.1274011611602473639,
    0.022235277870649807,
    0.001421619193227893466,
)
FAR_BOTTOM = (
    1.28426009614491121,
    0.468238212480865118,
    0.0659881378689285515,
    0.00378239633202758244,
)

QUANTILE_CENTRE_TOP = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
QUANTILE_CENTRE_BOTTOM = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
QUANTILE_MIDDLE_TOP = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
QUANTILE_MIDDLE_BOTTOM = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
QUANTILE_FAR_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
QUANTILE_FAR_BOTTOM = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def normal_density(x: float) -> float:
    """Return exp(-x**2 / 2) / sqrt(2 pi)."""
    if x != x:
        return x
    if abs(x) > VANISHING:
        return 0.0
    # the rounding error of the square matters: at x = 30 it is 450 times larger in the result
    square, error = two_product(x, x)
    return INVERSE_ROOT_TWO_PI * exp_of_sum(-0.5 * square, -0.5 * error)


def middle_ratio(x: float) -> float:
    """Return Cody's ratio of polynomials for CENTRE <= x <= FAR: exp(x**2 / 2) P(Z > x)."""
    top = 1.0765576773720192317e-8 * x
    bottom = x
    for i in range(7):
        top = (top + MIDDLE_TOP[i]) * x
        bottom = (bottom + MIDDLE_BOTTOM[i]) * x
    return (top + 9842.7148383839780218) / (bottom + 19685.429676859990727)


def far_share(x: float) -> float:
    """Return Cody's x P(Z > x) / density(x) for x > FAR, which is near 1."""
    z = 1.0 / (x * x)
    top = 0.02307344176494017303 * z
    bottom = z
    for i in range(4):
        top = (top + FAR_TOP[i]) * z
        bottom = (bottom + FAR_BOTTOM[i]) * z
    ratio = z * (top + 2.9112874951168792e-5) / (bottom + 7.29751555083966205e-5)
    return 1.0 - ratio / INVERSE_ROOT_TWO_PI


def normal_tail(x: float) -> float:
    """Return P(Z > x) for x >= CENTRE."""
    if x > VANISHING:
        return 0.0
    density = normal_density(x)
    if x <= FAR:
        return density * middle_ratio(x) / INVERSE_ROOT_TWO_PI
    return density * far_share(x) / x


def mills(x: float) -> float:
    """Return P(Z > x) / density(x), which falls like 1 / x and never vanishes; x >= -30."""
    if x < CENTRE:
        return normal_cdf(-x) / normal_density(x)
    if x <= FAR:
        return middle_ratio(x) / INVERSE_ROOT_TWO_PI
    return far_share(x) / x


def normal_cdf(x: float) -> float:
    """Return the chance of a value up to x; take the upper tail at -x, where its digits are."""
    if x != x:
        return x
    if x > CENTRE:
        return 1.0 - normal_tail(x)
    if x < -CENTRE:
        return normal_tail(-x)
    z = x * x
    top = 0.065682337918207449113 * z
    bottom = z
    for i in range(3):
        top = (top + CENTRE_TOP[i]) * z
        bottom = (bottom + CENTRE_BOTTOM[i]) * z
    return 0.5 + x * (top + 18154.981253343561249) / (bottom + 45507.789335026729956)


def ratio_of_polynomials(top: tuple[float, ...], bottom: tuple[float, ...], x: float) -> float:
    """Return the ratio of two polynomials of one degree, coefficients from the highest power."""
    a = top[0]
    b = bottom[0]
    for i in range(1, 8):
        a = a * x + top[i]
        b = b * x + bottom[i]
    return a / b


def normal_quantile(u: float) -> float:
    """Return the x with normal_cdf(x) = u: -inf at 0, inf at 1, nan outside."""
    if not 0.0 < u < 1.0:
        if u == 0.0:
            return -math.inf
        return math.inf if u == 1.0 else math.nan
    q = u - 0.5
    if abs(q) <= WICHURA_CENTRE:
        centre = 0.180625 - q * q
        return q * ratio_of_polynomials(QUANTILE_CENTRE_TOP, QUANTILE_CENTRE_BOTTOM, centre)
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-log(tail))
    if r <= WICHURA_FAR:
        x = ratio_of_polynomials(QUANTILE_MIDDLE_TOP, QUANTILE_MIDDLE_BOTTOM, r - 1.6)
    else:
        x = ratio_of_polynomials(QUANTILE_FAR_TOP, QUANTILE_FAR_BOTTOM, r - WICHURA_FAR)
    return -x if q < 0.0 else x
