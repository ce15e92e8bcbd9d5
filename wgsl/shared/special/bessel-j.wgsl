#import shared/math
#import shared/trigonometry
// Bessel functions of the orders 0 and 1. Below 8 polynomials of u = x^2 / 32 - 1 (for the second kind beside the
// logarithm's part), from there sqrt(2 / (pi x)) (P cos(angle) - Q sin(angle)) with angle = x - pi / 4 - order pi / 2
// and P and x Q polynomials of 1 / x^2. Errors 5e-9 to 5e-8 of the largest value; fitted at Chebyshev nodes.

fn j0_near(x: f32) -> f32 {
  let u = x * x * 0.03125 - 1.0;
  return 0.0458296647 + u * (0.930301218 + u * (-0.648469273 + u * (-0.80808822 + u * (1.03837936
    + u * (-0.507471336 + u * (0.145989229 + u * (-0.0284651996 + u * (0.00405742544
    + u * (-0.000451055478 + u * 3.89983147e-05)))))))));
}
fn j1_near(x: f32) -> f32 {
  let u = x * x * 0.03125 - 1.0;
  return x * (-0.058143828 + u * (0.0810586591 + u * (0.151516652 + u * (-0.259594839 + u * (0.15858376
    + u * (-0.0547459631 + u * (0.0124568294 + u * (-0.00202870857 + u * (0.000249468624 + u * (-2.43762431e-05
    + u * 1.889469e-06))))))))));
}
fn y0_near(x: f32) -> f32 {
  let u = x * x * 0.03125 - 1.0;
  return -0.382250654 + u * (-0.828435833 + u * (1.64709646 + u * (0.144125173 + u * (-1.07754753 + u * (0.672183524
    + u * (-0.218958237 + u * (0.0463523195 + u * (-0.00702442256 + u * (0.000820866701 + u * -7.38548032e-05)))))))))
    + 0.636619772 * log_(x) * j0_near(x);
}
fn y1_near(x: f32) -> f32 {
  let u = x * x * 0.03125 - 1.0;
  return x * (0.0707598588 + u * (-0.243377428 + u * (0.0233675709 + u * (0.235072041 + u * (-0.19639839
    + u * (0.0785481572 + u * (-0.0196287881 + u * (0.00342183267 + u * (-0.000443763488 + u * (4.53317138e-05
    + u * -3.64427312e-06)))))))))) + 0.636619772 * (log_(x) * j1_near(x) - 1.0 / x);
}

// P and Q, divided by sqrt(pi x).
fn modulus_0(x: f32) -> vec2f {
  let q = 1.0 / x / x;
  let p = 1.0 + q * (-0.0703089646 + q * (0.110947969 + q * -0.434369907));
  let xq = -0.124999994 + q * (0.0732293909 + q * (-0.222693498 + q * 1.20865365));
  return vec2f(p, xq / x) * 0.564189584 / sqrt_(x);
}
fn modulus_1(x: f32) -> vec2f {
  let q = 1.0 / x / x;
  let p = 1.0 + q * (0.11718345 + q * (-0.142817822 + q * 0.518944253));
  let xq = 0.374999993 + q * (-0.102524618 + q * (0.272598143 + q * -1.40953296));
  return vec2f(p, xq / x) * 0.564189584 / sqrt_(x);
}
// cos and sin of x - pi / 4, times sqrt(2): the difference itself would cost digits of a large x.
fn turned(x: f32) -> vec2f {
  let t = cos_sin(x);
  return vec2f(t.x + t.y, t.y - t.x);
}

fn bessel_j0(x: f32) -> f32 {
  let a = abs(x);
  if a < 8.0 { return j0_near(a); }
  if is_nan(x) || a > 0x1.fffffep+127 { return nan_beside(x); }
  let m = modulus_0(a);
  let t = turned(a);
  return m.x * t.x - m.y * t.y;
}
fn bessel_y0(x: f32) -> f32 {
  if x == 0.0 { return -infinity_beside(x); }
  if is_nan(x) || x < 0.0 || x > 0x1.fffffep+127 { return nan_beside(x); }
  if x < 8.0 { return y0_near(x); }
  let m = modulus_0(x);
  let t = turned(x);
  return m.x * t.y + m.y * t.x;
}
fn bessel_j1(x: f32) -> f32 {
  let a = abs(x);
  if a < 8.0 { return j1_near(x); }
  if is_nan(x) || a > 0x1.fffffep+127 { return nan_beside(x); }
  let m = modulus_1(a);
  let t = turned(a);
  let y = m.x * t.y + m.y * t.x;
  return select(y, -y, x < 0.0);
}
fn bessel_y1(x: f32) -> f32 {
  if x == 0.0 { return -infinity_beside(x); }
  if is_nan(x) || x < 0.0 || x > 0x1.fffffep+127 { return nan_beside(x); }
  if x < 8.0 { return y1_near(x); }
  let m = modulus_1(x);
  let t = turned(x);
  return m.y * t.y - m.x * t.x;
}

// sin(x) / x
fn spherical_bessel_j0(x: f32) -> f32 {
  if abs(x) > 0x1.fffffep+127 { return 0.0; }
  if abs(x) < 0.5 {
    let q = x * x;
    return 1.0 + q * (-0.166666667 + q * (0.00833333333 + q * (-0.000198412698 + q * 2.75573192e-06)));
  }
  return sin_(x) / x;
}
