#import shared/special/degree
// Chebyshev polynomials. With w^2 = x^2 - 1, (x + w)^n = T(n) + U(n - 1) w: the power is found by squaring, so that any
// degree takes a few steps. Above 1, U is held times a power of two near x, and both with an exponent beside them.
// All four kinds are T(n) + c U(n - 1): c = 0 for T, x for U, x - 1 for V, x + 1 for W.

struct ChebyshevPair { t: f32, u: f32, exponent: i32 }

fn chebyshev_product(a: ChebyshevPair, b: ChebyshevPair, w2: f32) -> ChebyshevPair {
  let t = a.t * b.t + w2 * (a.u * b.u);
  let u = a.t * b.u + a.u * b.t;
  let e = excess_of(t, u);
  let scale = power_of_two(-e);
  return ChebyshevPair(t * scale, u * scale, min(a.exponent + b.exponent + e, 100000));
}

// c = base x + shift
fn chebyshev(x: f32, degree: f32, base: f32, shift: f32) -> f32 {
  let n = degree_of(degree);
  if n <= 0 { return select(0.0, 1.0, n == 0); }
  if is_nan(x) { return x; }
  if abs(x) > 0x1.fffffep+127 {
    if n > 2 { return nan_beside(x); }
    return select(x, abs(x), n == 2);
  }
  let e = max(i32((bitcast<u32>(x) >> 23u) & 255u) - 127, 0); // of |x| above 1
  let down = power_of_two(-min(e, 126));
  let w2 = (x - 1.0) * down * ((x + 1.0) * down);
  var factor = ChebyshevPair(x * down, 1.0, min(e, 126));
  var result = ChebyshevPair(1.0, 0.0, 0);
  for (var k = u32(n); k > 0u; k >>= 1u) {
    if (k & 1u) == 1u { result = chebyshev_product(result, factor, w2); }
    factor = chebyshev_product(factor, factor, w2);
  }
  return scaled_back(result.t + (base * x + shift) * down * result.u, result.exponent);
}

fn chebyshev_polynomial_t(x: f32, n: f32) -> f32 { return chebyshev(x, n, 0.0, 0.0); }
fn chebyshev_polynomial_u(x: f32, n: f32) -> f32 { return chebyshev(x, n, 1.0, 0.0); }
fn chebyshev_polynomial_v(x: f32, n: f32) -> f32 { return chebyshev(x, n, 1.0, -1.0); }
fn chebyshev_polynomial_w(x: f32, n: f32) -> f32 { return chebyshev(x, n, 1.0, 1.0); }
fn shifted_chebyshev_polynomial_t(x: f32, n: f32) -> f32 { return chebyshev(2.0 * x - 1.0, n, 0.0, 0.0); }
fn shifted_chebyshev_polynomial_u(x: f32, n: f32) -> f32 { return chebyshev(2.0 * x - 1.0, n, 1.0, 0.0); }
fn shifted_chebyshev_polynomial_v(x: f32, n: f32) -> f32 { return chebyshev(2.0 * x - 1.0, n, 1.0, -1.0); }
fn shifted_chebyshev_polynomial_w(x: f32, n: f32) -> f32 { return chebyshev(2.0 * x - 1.0, n, 1.0, 1.0); }
