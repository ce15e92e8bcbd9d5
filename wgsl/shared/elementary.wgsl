// Elementary functions of four numbers at once, without branches: software adapters run both sides of one anyway. The
// functions of single numbers in math.wgsl are these, of which compilers drop three quarters. NaN fails every comparison
// here, so that it reaches the arithmetic.

// 2^n for whole n from -126 to 127: the sum has n + 127 in its last bits.
fn powers_of_two(n: vec4f) -> vec4f {
  return bitcast<vec4f>(bitcast<vec4u>(n + 12583039.0) << vec4u(23u));
}

// e^r for |r| <= log(2) / 2: a polynomial (error 3e-9).
fn exp_near(r: vec4f) -> vec4f {
  return 1.0 + (r + r * r * (0.49999993 + r * (0.1666652 + r * (0.04166839 + r * (0.00836875 + r * 0.00138145)))));
}

// x - n log 2 (Cody and Waite: log 2 in two parts, the first so short that n times it is exact).
fn beyond_powers(x: vec4f, n: vec4f) -> vec4f {
  return (x - n * 0.693359375) + n * 2.12194440e-4;
}

// 2^n e^r; the power is applied in halves, so that the result may go up to infinity and down to 0.
fn scaled_exp(r: vec4f, n: vec4f) -> vec4f {
  let half = floor(n * 0.5);
  return exp_near(r) * powers_of_two(half) * powers_of_two(n - half);
}
fn within(x: vec4f, least: f32, most: f32) -> vec4f {
  let above = select(x, vec4f(least), x < vec4f(least));
  return select(above, vec4f(most), above > vec4f(most));
}

// e^x = 2^n e^r with r = x - n log 2 at most log(2) / 2. It is 0 below -104 and infinite above 89.
fn exp_of_four(x: vec4f) -> vec4f {
  let c = within(x, -104.0, 89.0);
  let n = round(c * 1.44269504);
  return scaled_exp(beyond_powers(c, n), n);
}
// e^x for x <= 0, and 0 where that would be denormal. NaN stays NaN.
fn exp_below(x: vec4f) -> vec4f {
  let n = round(x * 1.44269504);
  return select(exp_near(beyond_powers(x, n)) * powers_of_two(n), vec4f(), x < vec4f(-87.0));
}

// 2^x, exact for whole x.
fn exp2_of_four(x: vec4f) -> vec4f {
  let c = within(x, -150.0, 128.0);
  let n = round(c);
  return scaled_exp((c - n) * 0.69314718, n);
}

// exp(x) - 1. Below 1/2 the Taylor series, whose next term is under 2^-24 of the sum; above, the subtraction loses one
// bit at most.
fn expm1_of_four(x: vec4f) -> vec4f {
  let near = x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.008333334 + x * (0.0013888889
    + x * (0.0001984127 + x * 2.4801588e-5)))))));
  return select(exp_of_four(x) - 1.0, near, abs(x) < vec4f(0.5));
}

// tanh(x) below 5/8 by an odd polynomial (Cephes' tanhf; error 1e-7), above as 1 - 2 / (exp(2x) + 1), which is 1 to the
// last bit beyond 10.
fn tanh_of_four(x: vec4f) -> vec4f {
  let a = abs(x);
  let q = x * x;
  let near = a + a * q * (-0.333332819422 + q * (0.133314422036 + q * (-0.0537397155531 + q * (0.0206390887954
    + q * -0.00570498872745))));
  let c = 2.0 * select(a, vec4f(10.0), a > vec4f(10.0));
  let n = round(c * 1.44269504);
  let far = 1.0 - 2.0 / (exp_near(beyond_powers(c, n)) * powers_of_two(n) + 1.0);
  let y = select(far, near, a < vec4f(0.625));
  return select(y, -y, x < vec4f());
}

fn sigmoid_of_four(x: vec4f) -> vec4f {
  return 1.0 / (1.0 + exp_of_four(-x));
}

// log(1 + x) for |x| < 1/2: the series of 2 atanh(s) with s = x / (2 + x), |s| <= 1/3, so s^15 / 15 is under 2^-27.
// Twice s, since s may be denormal where x is not.
fn log_near(x: vec4f) -> vec4f {
  let s2 = (x + x) / (2.0 + x);
  let q = 0.25 * s2 * s2;
  return s2 * (1.0 + q * (0.33333334 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * (0.09090909
    + q * 0.07692308))))));
}

// A positive number as 2^exponent (1 + fraction), with a fraction from -1/3 to 1/3. The bits of a denormal, which adapters
// may flush to 0, are a whole number of 2^-149.
struct Split { exponent: vec4f, fraction: vec4f }
fn split_exponent(x: vec4f) -> Split {
  let bits = bitcast<vec4u>(x);
  let is_denormal = bits < vec4u(0x00800000u);
  let normal = select(bits, bitcast<vec4u>(vec4f(bits)), is_denormal);
  let k = bitcast<vec4i>(normal - 0x3f2aaaabu) >> vec4u(23u); // the bits of 2/3
  let fraction = bitcast<vec4f>(normal - (bitcast<vec4u>(k) << vec4u(23u))) - 1.0;
  return Split(vec4f(k) - select(vec4f(), vec4f(149.0), is_denormal), fraction);
}
// The logarithm y of x where x is positive and finite; else -infinity at 0, infinity, or NaN.
fn with_edges(x: vec4f, y: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(x);
  let undefined = select(bits | vec4u(0x7fc00000u), bits, bits == vec4u(0x7f800000u));
  let edge = select(undefined, (bits & vec4u()) | vec4u(0xff800000u), (bits << vec4u(1u)) == vec4u());
  return select(bitcast<vec4f>(edge), y, bits - 1u < vec4u(0x7f7fffffu));
}

// log(x) = n log 2 + log(1 + f), with log 2 in two parts again. Near 1 the exponent is 0, and no digit is lost.
fn log_of_four(x: vec4f) -> vec4f {
  let s = split_exponent(x);
  return with_edges(x, s.exponent * 0.693359375 + (log_near(s.fraction) + s.exponent * -2.12194440e-4));
}
// The logarithm to the base 2, exact for powers of 2.
fn log2_of_four(x: vec4f) -> vec4f {
  let s = split_exponent(x);
  return with_edges(x, s.exponent + log_near(s.fraction) * 1.44269504);
}
// The logarithm to the base 10, with log 2 in two parts.
fn log10_of_four(x: vec4f) -> vec4f {
  let s = split_exponent(x);
  return with_edges(x, s.exponent * 0.301025391 + (log_near(s.fraction) * 0.434294482 + s.exponent * 4.60503895e-6));
}
// log(1 + x)
fn log1p_of_four(x: vec4f) -> vec4f {
  return select(log_of_four(1.0 + x), log_near(x), abs(x) < vec4f(0.5));
}

fn sqrt_of_four(x: vec4f) -> vec4f {
  let bits = bitcast<vec4u>(x);
  let is_undefined = (x < vec4f()) | ((bits & vec4u(0x7fffffffu)) > vec4u(0x7f800000u));
  return select(sqrt(x), bitcast<vec4f>(bits | vec4u(0x7fc00000u)), is_undefined);
}
