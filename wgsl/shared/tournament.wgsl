// Rounds of a sweep of rotations, and the rotations.

// Pair i of a round among 2 * pairs indices: the last one stays where it is, the others go round. The larger index comes
// second; where their number is odd it may be one past the end.
fn pair_of(round: u32, i: u32, pairs: u32) -> vec2u {
  let others = 2 * pairs - 1;
  let one = select((round + i) % others, others, i == 0);
  let other = (round + others - i) % others;
  return vec2u(min(one, other), max(one, other));
}

// Cosine and sine of the smaller angle with cot(2 angle) = zeta.
fn rotation_for(zeta: f32) -> vec2f {
  let size = abs(zeta);
  let tangent = select(1.0 / (size + sqrt(1.0 + size * size)), 0.5 / size, size > 1e9);
  let cosine = 1.0 / sqrt(1.0 + tangent * tangent);
  return vec2f(cosine, select(tangent, -tangent, zeta < 0.0) * cosine);
}
