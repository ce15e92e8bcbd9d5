// The error function, its complement and its inverse. Polynomials were fitted here in double precision.
#import shared/math

// 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x: below 1 an even polynomial times x (error 2e-9).
fn erf_of_four(x: vec4f) -> vec4f {
  let a = abs(x);
  let far = 1.0 - erfc_far(a);
  return select(select(far, -far, x < vec4f()), erf_near(x), a < vec4f(1.0));
}
fn erf_near(x: vec4f) -> vec4f {
  let q = x * x;
  return x * (1.12837917 + q * (-0.376126269 + q * (0.112835975 + q * (-0.0268543288 + q * (0.00518931195
    + q * (-0.000801885505 + q * 7.88249732e-05))))));
}
fn erf(x: f32) -> f32 { return erf_of_four(vec4f(x)).x; }

// 1 - erf(x), with all its digits where it is small.
fn erfc_of_four(x: vec4f) -> vec4f {
  let tail = erfc_far(abs(x));
  return select(select(tail, 2.0 - tail, x < vec4f()), 1.0 - erf_near(x), abs(x) < vec4f(0.5));
}
fn erfc(x: f32) -> f32 { return erfc_of_four(vec4f(x)).x; }

// For a >= 1/2: exp(-a^2) u q(u) with u = 1 / (1 + a / 2) (error 5e-8). The square is that of a's leading 12 bits, which is
// exact, and a small rest, at most 0.06, whose exponential is its series. Above 10.2 the result is 0.
fn erfc_far(a: vec4f) -> vec4f {
  let u = 1.0 / (1.0 + 0.5 * a);
  let q = 0.2820766 + u * (0.2825719 + u * (0.24149136 + u * (0.20976616 + u * (-0.044812027 + u * (0.3060135
    + u * (-0.51217675 + u * (0.29632527 + u * -0.06124538)))))));
  let lead = bitcast<vec4f>(bitcast<vec4u>(a) & vec4u(0xfffff000u));
  let t = (lead - a) * (lead + a);
  let rest = 1.0 + t * (1.0 + t * (0.5 + t * (0.16666667 + t * 0.041666668)));
  return select(exp_of_four(-lead * lead) * rest * u * q, vec4f(), a > vec4f(10.2));
}

// The inverse of erf on -1 .. 1: x times a polynomial of w = -log(1 - x^2), or of its root (error 1e-7).
fn erfinv(x: f32) -> f32 {
  if abs(x) > 1.0 { return nan_beside(x); }
  if abs(x) == 1.0 { return select(infinity_beside(x), -infinity_beside(x), x < 0.0); }
  let w = -log_((1.0 - x) * (1.0 + x));
  if w < 5.0 {
    let t = w - 2.5;
    return x * (1.5014094 + t * (0.24664073 + t * (-0.0041777077 + t * (-0.0012537076 + t * (0.00021860219
      + t * (-4.396781e-06 + t * (-3.5288595e-06 + t * (3.4372707e-07 + t * 2.853479e-08))))))));
  }
  let t = sqrt(w) - 3.0;
  return x * (2.8329768 + t * (1.001674 + t * (0.009439356 + t * (-0.0076214145 + t * (0.0057364767
    + t * (-0.0036770015 + t * (0.001355889 + t * (0.00010431033 + t * -0.00020497329))))))));
}
