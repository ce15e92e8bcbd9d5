// Losses of two classes, element by element: t is the probability that the target gives to the first.
#import shared/math

// -t log(x) - (1 - t) log(1 - x), with logarithms of -100 at least.
fn cross_entropy_of_probability(x: f32, t: f32) -> f32 {
  return (t - 1.0) * at_least_minus_100(log1p(-x)) - t * at_least_minus_100(log_(x));
}
fn at_least_minus_100(x: f32) -> f32 {
  return select(x, -100.0, x < -100.0);
}

fn soft_margin(x: f32) -> f32 {
  return log1p(exp_(x));
}

// -t w log(sigmoid(x)) - (1 - t) log(sigmoid(-x)) for a target t that has the weight w where it is 1. The first two terms
// may cancel, and do so without losing digits of the third.
fn cross_entropy_of_logit(x: f32, t: f32, weight: f32) -> f32 {
  let above = 1.0 + (weight - 1.0) * t;
  return ((1.0 - t) * x + above * max(-x, 0.0)) + above * log1p(exp_(-abs(x)));
}
