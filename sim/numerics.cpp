// The functions too long for the header: gamma, normal and their tails and inverses.
#include "sim/numerics.hpp"

#include <limits>

namespace prisonflow::sim {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kHalfLogTwoPi = 0x1.d67f1c864beb5p-1;
constexpr double kRootHalf = 0x1.6a09e667f3bcdp-1;

/// coefficient[0] + x coefficient[1] + ... by Horner's scheme.
template <int N>
constexpr double polynomial(double x, const double (&coefficient)[N]) {
  double sum = coefficient[N - 1];
  for (int i = N - 2; i >= 0; --i) sum = sum * x + coefficient[i];
  return sum;
}

double absolute(double x) {
  return x < 0.0 ? -x : x;
}

/// `x` with the lower half of its bits cleared, so that its square is exact.
double leading_half(double x) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0xffffffff00000000u);
}

}  // namespace

double detail::log_special(double x) {
  if (x == 0.0) return -kInfinity;
  if (x < 0.0) return kNan;
  if (!(x < kInfinity)) return x;  // infinity or NaN
  constexpr double log_of_two_to_54 = 54.0;
  // Subnormal: scale up, and take the exponent back inside the same sum.
  const std::uint64_t offset = std::bit_cast<std::uint64_t>(x * 0x1p54) - 0x3fe6a09e00000000u;
  const auto k = static_cast<double>(static_cast<std::int64_t>(offset) >> 52) - log_of_two_to_54;
  const double reduced = std::bit_cast<double>((offset & 0x000fffffffffffffu) + 0x3fe6a09e00000000u);
  return log_reduced(reduced - 1.0, k, 0.0);
}

double detail::exp_special(double x) {
  if (x > 709.79) return kInfinity;
  if (x < -745.14) return 0.0;
  if (!(x == x)) return x;
  // The exponent leaves the range of normal numbers: scale in two steps.
  const Exponential e = exp_reduced(x);
  const std::int64_t half = e.k / 2;
  return (1.0 + e.above_one) * power_of_two(half) * power_of_two(e.k - half);
}

double expm1(double x) {
  if (x > 709.79) return kInfinity;
  if (x < -38.0) return -1.0;
  if (absolute(x) < 0x1p-54 || !(x == x)) return x;
  const detail::Exponential e = detail::exp_reduced(x);
  if (e.k == 0) return e.above_one;
  if (e.k > 56) return (1.0 + e.above_one) * detail::power_of_two(e.k - 1) * 2.0;
  // 2^k (1 + a) - 1 = (2^k - 1) + 2^k a, and 2^k - 1 is exact in the range left or far below the last bit.
  const double scale = detail::power_of_two(e.k);
  return (scale - 1.0) + scale * e.above_one;
}

double log1p(double x) {
  if (x == -1.0) return -kInfinity;
  if (x < -1.0 || !(x == x)) return kNan;
  if (x >= 0x1p53) return log(x);
  if (absolute(x) < 0x1p-54) return x;
  if (x > -0.29 && x < 0.41) return detail::log_reduced(x, 0.0, 0.0);  // 1 + x within [sqrt(1/2), sqrt(2)]
  const double sum = 1.0 + x;
  const double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  const std::uint64_t offset = std::bit_cast<std::uint64_t>(sum) - 0x3fe6a09e00000000u;
  const auto k = static_cast<double>(static_cast<std::int64_t>(offset) >> 52);
  const double reduced = std::bit_cast<double>((offset & 0x000fffffffffffffu) + 0x3fe6a09e00000000u);
  return detail::log_reduced(reduced - 1.0, k, lost / sum);
}

namespace {

// The complementary error function erfc(x), x = a / sqrt(2), after fdlibm s_erf.c (Sun Microsystems 1993; its notice
// stands in the header): coefficients of minimax rational functions on four intervals.

/// erf(x) = x + x R(x^2) for x < 0.84375; the R.
double erf_near_zero(double square) {
  constexpr double numerator[] = {1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02,
                                  -5.77027029648944159157e-03, -2.37630166566501626084e-05};
  constexpr double denominator[] = {1.0,
                                    3.97917223959155352819e-01,
                                    6.50222499887672944485e-02,
                                    5.08130628187576562776e-03,
                                    1.32494738004321644526e-04,
                                    -3.96022827877536812320e-06};
  return polynomial(square, numerator) / polynomial(square, denominator);
}

/// erf(x) = kErfAtOne + R(x - 1) for 0.84375 <= x < 1.25; the R.
constexpr double kErfAtOne = 8.45062911510467529297e-01;
double erf_near_one(double s) {
  constexpr double numerator[] = {-2.36211856075265944077e-03, 4.14856118683748331666e-01,  -3.72207876035701323847e-01,
                                  3.18346619901161753674e-01,  -1.10894694282396677476e-01, 3.54783043256182359371e-02,
                                  -2.16637559486879084300e-03};
  constexpr double denominator[] = {1.0,
                                    1.06420880400844228286e-01,
                                    5.40397917702171048937e-01,
                                    7.18286544141962662868e-02,
                                    1.26171219808761642112e-01,
                                    1.36370839120290507362e-02,
                                    1.19844998467991074170e-02};
  return polynomial(s, numerator) / polynomial(s, denominator);
}

/// erfc(x) = exp(-x^2 - 0.5625 + R(1 / x^2)) / x for x >= 1.25; the R.
double erfc_far(double x, double inverse_square) {
  if (x < 1.0 / 0.35) {
    constexpr double numerator[] = {-9.86494403484714822705e-03, -6.93858572707181764372e-01,
                                    -1.05586262253232909814e+01, -6.23753324503260060396e+01,
                                    -1.62396669462573470355e+02, -1.84605092906711035994e+02,
                                    -8.12874355063065934246e+01, -9.81432934416914548592e+00};
    constexpr double denominator[] = {1.0,
                                      1.96512716674392571292e+01,
                                      1.37657754143519042600e+02,
                                      4.34565877475229228821e+02,
                                      6.45387271733267880336e+02,
                                      4.29008140027567833386e+02,
                                      1.08635005541779435134e+02,
                                      6.57024977031928170135e+00,
                                      -6.04244152148580987438e-02};
    return polynomial(inverse_square, numerator) / polynomial(inverse_square, denominator);
  }
  constexpr double numerator[] = {-9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01,
                                  -1.60636384855821916062e+02, -6.37566443368389627722e+02, -1.02509513161107724954e+03,
                                  -4.83519191608651397019e+02};
  constexpr double denominator[] = {1.0,
                                    3.03380607434824582924e+01,
                                    3.25792512996573918826e+02,
                                    1.53672958608443695994e+03,
                                    3.19985821950859553908e+03,
                                    2.55305040643316442583e+03,
                                    4.74528541206955367215e+02,
                                    -2.24409524465858183362e+01};
  return polynomial(inverse_square, numerator) / polynomial(inverse_square, denominator);
}

constexpr double kFarTail = 1.25 / kRootHalf;  // where erfc_far takes over, in units of z

/// normal_cdf(-a) for a >= 0.
double normal_upper_tail(double a) {
  const double x = a * kRootHalf;
  if (x < 0.84375) {
    const double r = x * erf_near_zero(x * x);
    return x < 0.25 ? 0.5 * (1.0 - (x + r)) : 0.5 * (0.5 - (r + (x - 0.5)));
  }
  if (a < kFarTail) return 0.5 * ((1.0 - kErfAtOne) - erf_near_one(x - 1.0));
  if (a > 40.0) return 0.0;
  // exp(-a^2 / 2) with a^2 in two parts: the square of the leading half is exact.
  const double leading = leading_half(a);
  const double rest = 0.5 * (leading - a) * (leading + a);
  return 0.5 * (exp(-0.5 * leading * leading - 0.5625) * exp(rest + erfc_far(x, 2.0 / (a * a)))) / x;
}

}  // namespace

double normal_cdf(double z) {
  return z < 0.0 ? normal_upper_tail(-z) : 1.0 - normal_upper_tail(z);
}

double log_normal_cdf(double z) {
  if (z >= 0.0) return log1p(-normal_upper_tail(z));
  if (z > -kFarTail) return log(normal_upper_tail(-z));
  const double x = -z * kRootHalf;
  return (-0.5 * z * z - 0.5625) + (erfc_far(x, 2.0 / (z * z)) - log(2.0 * x));
}

double normal_quantile_of_hazard(double h) {
  constexpr double log_two = 0x1.62e42fefa39efp-1;
  if (h < log_two) return normal_quantile(-expm1(-h));
  const double q = 0.5 - exp(-h);
  return q <= 0.425 ? detail::normal_quantile_middle(q) : detail::normal_quantile_tail(std::sqrt(h));
}

namespace {

/// The remainder of Stirling's formula, log Gamma(x) - ((x - 1/2) log x - x + log(2 pi)/2), for x >= 10: the
/// asymptotic series with Bernoulli's numbers (Abramowitz and Stegun 6.1.41), the first term left out below 3e-17.
double stirling_remainder(double x) {
  constexpr double coefficient[] = {1.0 / 12.0,   -1.0 / 360.0,      1.0 / 1260.0, -1.0 / 1680.0,
                                    1.0 / 1188.0, -691.0 / 360360.0, 1.0 / 156.0,  -3617.0 / 122400.0};
  const double inverse = 1.0 / x;
  return inverse * polynomial(inverse * inverse, coefficient);
}

/// log Gamma(2 + s) for |s| <= 1/2: (1 - Euler's constant) s + sum over k >= 2 of (-1)^k (zeta(k) - 1) s^k / k
/// (Abramowitz and Stegun 6.1.33, shifted by one).
double log_gamma_near_two(double s) {
  constexpr double coefficient[] = {
      4.2278433509846713939e-1,  3.2246703342411321824e-1,  -6.7352301053198095133e-2,  2.0580808427784547879e-2,
      -7.3855510286739852663e-3, 2.8905103307415232858e-3,  -1.1927539117032609771e-3,  5.0966952474304242234e-4,
      -2.2315475845357937976e-4, 9.9457512781808533715e-5,  -4.4926236738133141700e-5,  2.0507212775670691553e-5,
      -9.4394882752683959040e-6, 4.3748667899074878042e-6,  -2.0392157538013662368e-6,  9.5514121304074198329e-7,
      -4.4924691987645660433e-7, 2.1207184805554665869e-7,  -1.0043224823968099609e-7,  4.7698101693639805658e-8,
      -2.2711094608943164910e-8, 1.0838659214896954091e-8,  -5.1834750419700466551e-9,  2.4836745438024783172e-9,
      -1.1921401405860912074e-9, 5.7313672416788620133e-10, -2.7595228851242331452e-10, 1.3304764374244489481e-10};
  return s * polynomial(s, coefficient);
}

}  // namespace

double log_gamma(double x) {
  if (!(x > 0.0)) return x == 0.0 ? kInfinity : kNan;
  if (x < 0.5) return log_gamma_near_two(x) - log1p(x) - log(x);
  if (x < 1.5) return log_gamma_near_two(x - 1.0) - log1p(x - 1.0);
  if (x < 10.0) {
    double product = 1.0;
    while (x > 2.5) {
      x -= 1.0;
      product *= x;
    }
    return log_gamma_near_two(x - 2.0) + log(product);
  }
  if (x > 1e300) return x * (log(x) - 1.0);
  return (x - 0.5) * (log(x) - 1.0) + ((kHalfLogTwoPi - 0.5) + stirling_remainder(x));
}

namespace {

/// exp(w) - 1 - w >= 0 without cancellation.
double exponential_excess(double w) {
  if (absolute(w) > 0.5) return expm1(w) - w;
  double term = 0.5 * w * w;
  double sum = 0.0;
  for (int k = 3; k <= 17; ++k) {
    sum += term;
    term *= w / k;
  }
  return sum;
}

constexpr double kTermLimit = 0x1p-56;  // where a term no longer moves a sum
constexpr int kTermCount = 200'000;     // never reached for shapes up to 1e6: about 9 square roots of the shape

/// Sum of x^n / ((a + 1) ... (a + n)) over n >= 0 (Abramowitz and Stegun 6.5.29).
double lower_gamma_series(double a, double x) {
  double term = 1.0;
  double sum = 1.0;
  for (int n = 1; n < kTermCount && term > sum * kTermLimit; ++n) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/// exp(x) x^-a Gamma(a, x) as a continued fraction (Abramowitz and Stegun 6.5.31, contracted), by Lentz's method as
/// modified by Thompson and Barnett (1986); x >= a + 1.
double upper_gamma_fraction(double a, double x) {
  constexpr double tiny = 1e-290;
  double b = x + 1.0 - a;
  double c = 1.0 / tiny;
  double d = 1.0 / b;
  double fraction = d;
  for (int n = 1; n < kTermCount; ++n) {
    const double numerator = -n * (n - a);
    b += 2.0;
    d = numerator * d + b;
    if (absolute(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (absolute(c) < tiny) c = tiny;
    d = 1.0 / d;
    const double factor = d * c;
    fraction *= factor;
    if (absolute(factor - 1.0) < 0x1p-52) break;
  }
  return fraction;
}

}  // namespace

LogTails log_gamma_tails(double shape, double w) {
  if (w > 600.0) return {0.0, -kInfinity, -kInfinity};
  // log(x^a exp(-x) / Gamma(a + 1)) with x = a exp(w): -a (exp(w) - 1 - w) + (a log a - a - log Gamma(a + 1)); for a
  // large shape the second part by Stirling, or its digits would cancel (Loader 2000, "Fast and accurate computation
  // of binomial probabilities").
  const double at_mode = shape < 10.0 ? shape * log(shape) - shape - log_gamma(shape + 1.0)
                                      : -(kHalfLogTwoPi + 0.5 * log(shape)) - stirling_remainder(shape);
  const double first_term = at_mode - shape * exponential_excess(w);
  const double x = shape * exp(w);
  const double density_times_x = first_term + log(shape);
  if (x < shape + 1.0) {
    const double lower = first_term + log(lower_gamma_series(shape, x));
    return {lower, lower < 0.0 ? log1p(-exp(lower)) : -kInfinity, density_times_x};
  }
  const double upper = density_times_x + log(upper_gamma_fraction(shape, x));
  return {log1p(-exp(upper)), upper, density_times_x};
}

namespace {

/// log(x / shape), by the difference where they are close.
double log_ratio(double shape, double x) {
  const double relative = (x - shape) / shape;
  return absolute(relative) < 0.5 ? log1p(relative) : log(x) - log(shape);
}

}  // namespace

double gamma_p(double shape, double x) {
  if (!(x > 0.0)) return x == x ? 0.0 : x;
  return exp(log_gamma_tails(shape, log_ratio(shape, x)).lower);
}

double gamma_q(double shape, double x) {
  if (!(x > 0.0)) return x == x ? 1.0 : x;
  return exp(log_gamma_tails(shape, log_ratio(shape, x)).upper);
}

double log_gamma_quantile(double shape, double log_tail, bool upper, double guess) {
  return detail::solve_log_tail([shape](double w) { return log_gamma_tails(shape, w); }, log_tail, upper, guess);
}

double gamma_quantile(double shape, double p) {
  if (p <= 0.0) return p == 0.0 ? 0.0 : kNan;
  if (p >= 1.0) return p == 1.0 ? kInfinity : kNan;
  const bool upper = p > 0.5;
  const double log_tail = upper ? log(1.0 - p) : log(p);
  // Wilson and Hilferty's cube where it holds, else the first term of the series at zero or the exponential tail.
  const double root = 1.0 - 1.0 / (9.0 * shape) + normal_quantile(p) / (3.0 * std::sqrt(shape));
  double guess;
  if (root > 0.2) {
    guess = 3.0 * log(root);
  } else if (upper) {
    guess = log(-log_tail / shape);
  } else {
    guess = (log_tail + log_gamma(shape + 1.0)) / shape - log(shape);
  }
  return shape * exp(log_gamma_quantile(shape, log_tail, upper, guess));
}

}  // namespace prisonflow::sim
