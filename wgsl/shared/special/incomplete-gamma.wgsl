#import shared/math
#import shared/special/gamma
#import shared/special/erfcx
// The regularized incomplete gamma functions P(a, x) and Q(a, x) = 1 - P: a series for x <= a, a continued fraction for
// x > a, and for large a near x Temme's uniform expansion (DLMF 8.12).

// lambda - 1 - log(lambda) with lambda = x / a, which would lose its digits near x = a.
fn gamma_phi(a: f32, x: f32) -> f32 {
  let m = (x - a) / a;
  if abs(m) > 0.5 { return m - log_(x / a); }
  let s = m / (2.0 + m);
  let q = s * s;
  return s * (m - 2.0 * q * (0.333333333 + q * (0.2 + q * (0.142857143 + q * (0.111111111 + q * (0.0909090909
    + q * 0.0769230769))))));
}

// x^a exp(-x) / gamma(a + 1).
fn gamma_factor(a: f32, x: f32) -> f32 {
  if a < 8.0 { return exp_(a * log_(x) - x - lgamma_positive(a + 1.0)); }
  return exp_(-a * gamma_phi(a, x) - (0.0833333333 - 0.00277777778 / a / a) / a) * 0.398942280 / sqrt_(a);
}

// P / factor: the sum over n of x^n / ((a + 1) ... (a + n)).
fn igamma_series(a: f32, x: f32) -> f32 {
  var term = 1.0;
  var sum = 1.0;
  for (var n = 1.0; n < 500.0 && term > 3e-8 * sum; n += 1.0) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

// Q / factor by Legendre's continued fraction, evaluated as Lentz does it.
fn igammac_fraction(a: f32, x: f32) -> f32 {
  var b = x + 1.0 - a;
  var c = 1e30;
  var d = 1.0 / b;
  var h = d;
  for (var n = 1.0; n < 500.0; n += 1.0) {
    let numerator = n * (a - n);
    b += 2.0;
    d = 1.0 / (numerator * d + b);
    c = b + numerator / c;
    h *= d * c;
    if abs(d * c - 1.0) < 1e-7 { break; }
  }
  return a * h;
}

// Q for small x and a, where 1 - P would lose its digits: 1 - x^a / gamma(1 + a) (1 + a sum of (-x)^n / (n! (a + n))).
fn igammac_series(a: f32, x: f32) -> f32 {
  var power = 1.0;
  var sum = 0.0;
  for (var n = 1.0; n < 20.0; n += 1.0) {
    power *= -x / n;
    sum += power / (a + n);
  }
  let rest = expm1(a * log_(x) - (lgamma_near_2(select(a, a - 1.0, a > 0.5)) - select(log1p(a), 0.0, a > 0.5)));
  return -rest - (rest + 1.0) * a * sum;
}

// The smaller of P and Q for large a: half of erfc(|eta| sqrt(a / 2)) with eta^2 / 2 = phi of the sign of x - a, and a
// correction R = exp(-a eta^2 / 2) / sqrt(2 pi a) (C0(eta) + C1(eta) / a), fitted for |x - a| < 0.3 a (error 1e-7).
fn igamma_uniform(a: f32, x: f32) -> f32 {
  let phi = gamma_phi(a, x);
  let e = select(sqrt_(2.0 * phi), -sqrt_(2.0 * phi), x < a);
  let c0 = -0.333333332 + e * (0.0833333229 + e * (-0.014814979 + e * (0.00115803466 + e * (0.000357693922
    + e * -0.000185958563))));
  let c1 = -0.00185442398 + e * (-0.00353880858 + e * 0.0027627006);
  let correction = (c0 + c1 / a) * 0.398942280 / sqrt_(a);
  return exp_(-a * phi) * (0.5 * erfcx(sqrt_(a * phi)) + select(correction, -correction, x < a));
}

// Whether an argument is at the end of its range, or outside; and the value of P there, in PyTorch's order.
fn is_igamma_edge(a: f32, x: f32) -> bool {
  return !(a > 0.0 && x > 0.0 && a <= 0x1.fffffep+127 && x <= 0x1.fffffep+127) || is_nan(a) || is_nan(x);
}
fn igamma_edge(a: f32, x: f32) -> f32 {
  if x < 0.0 || a < 0.0 { return nan_beside(x); }
  if a == 0.0 { return select(nan_beside(x), 1.0, x > 0.0 && !is_nan(x)); }
  if x == 0.0 && !is_nan(a) { return 0.0; }
  if a > 0x1.fffffep+127 && !is_nan(a) { return select(0.0, nan_beside(x), x > 0x1.fffffep+127 && !is_nan(x)); }
  if x > 0x1.fffffep+127 && !is_nan(x) { return 1.0; }
  return nan_beside(x);
}

fn igamma_or_c(a: f32, x: f32, is_c_wanted: bool) -> f32 {
  if is_igamma_edge(a, x) {
    let edge = igamma_edge(a, x);
    return select(edge, 1.0 - edge, is_c_wanted);
  }
  var y: f32;
  var is_c = true;
  if a > 64.0 && abs(x - a) < 0.3 * a {
    y = igamma_uniform(a, x);
    is_c = x >= a;
  } else if is_c_wanted && x <= 1.1 && a < select(1.1 * x, -0.4 / log_(x), x <= 0.5) {
    y = igammac_series(a, x);
  } else {
    is_c = x > 1.1 && x > a;
    let factor = gamma_factor(a, x);
    if factor == 0.0 {
      y = 0.0;
    } else if is_c {
      y = factor * igammac_fraction(a, x);
    } else {
      y = factor * igamma_series(a, x);
    }
  }
  return select(1.0 - y, y, is_c == is_c_wanted);
}

fn igamma(a: f32, x: f32) -> f32 { return igamma_or_c(a, x, false); }
fn igammac(a: f32, x: f32) -> f32 { return igamma_or_c(a, x, true); }
