#import shared/math
#import shared/trigonometry
// The logarithm of the gamma function and its derivative. Coefficients are fitted at Chebyshev nodes, in 40 digits.

// log gamma(2 + d) for |d| <= 1/2; error 3e-9 of it.
fn lgamma_near_2(d: f32) -> f32 {
  return d * (0.422784335 + d * (0.322467019 + d * (-0.0673522192 + d * (0.0205816027 + d * (-0.00738742388
    + d * (0.00287905824 + d * (-0.00117784799 + d * (0.000569805159 + d * -0.000269857885))))))));
}

// log gamma(1 + d) for |d| <= 1/2, with its digits near d = 0.
fn lgamma_1p(d: f32) -> f32 {
  return lgamma_near_2(d) - log1p(d);
}

// For x >= 1/2: by recurrence from [3/2, 5/2], or Stirling's series, arranged so that only results overflow.
fn lgamma_positive(x: f32) -> f32 {
  if x < 1.5 { return lgamma_1p(x - 1.0); }
  if x < 8.0 {
    var product = 1.0;
    var y = x;
    while y >= 2.5 {
      y -= 1.0;
      product *= y;
    }
    return log_(product) + lgamma_near_2(y - 2.0);
  }
  if x > 0x1.fffffep+127 { return x; }
  let t = 1.0 / x;
  let q = t * t;
  return (x - 0.5) * (log_(x) - 1.0) + (0.418938533 + t * (0.0833333333 - q * (0.00277777778 - q * 0.000793650794)));
}

// log |gamma(x)|. Below 0 by reflection: gamma(x) gamma(-x) = -pi / (x sin(pi x)).
fn lgamma(x: f32) -> f32 {
  if is_nan(x) { return x; }
  let a = abs(x);
  if x <= 0.0 && x == floor(x) { return infinity_beside(x); }
  if a < 0.5 { return lgamma_1p(x) - log_(a); }
  let y = lgamma_positive(a);
  if x > 0.0 { return y; }
  let r = abs(x - round(x));
  let sine = select(sin_near(3.14159265 * r), cos_near(3.14159265 * (0.5 - r)), r > 0.25);
  return log_(3.14159265 / (a * sine)) - y;
}

// psi(x) = d/dx log gamma(x): psi(1 - x) - pi / tan(pi x) below 0, the recurrence psi(x + 1) = psi(x) + 1 / x up to 8,
// and the asymptotic series, whose next term is 1 / (240 x^8).
fn digamma(x: f32) -> f32 {
  if is_nan(x) || x > 0x1.fffffep+127 { return x; }
  if x == 0.0 { return select(-infinity_beside(x), infinity_beside(x), (bitcast<u32>(x) >> 31u) == 1u); }
  var result = 0.0;
  var y = x;
  if x < 0.0 {
    if x == floor(x) { return nan_beside(x); }
    let r = x - round(x);
    let is_far = abs(r) > 0.25;
    let angle = 3.14159265 * select(abs(r), 0.5 - abs(r), is_far);
    let tangent = sin_near(angle) / cos_near(angle);
    result = -3.14159265 * sign(r) * select(1.0 / tangent, tangent, is_far);
    y = 1.0 - x;
  }
  while y < 8.0 {
    result -= 1.0 / y;
    y += 1.0;
  }
  let q = 1.0 / y / y;
  return result + log_(y) - 0.5 / y - q * (0.0833333333 - q * (0.00833333333 - q * 0.00396825397));
}
