// Distributions over Philox's words. Element i of a draw takes word i % 4 of block i / 4.
#import shared/philox
#import shared/trigonometry
#import shared/math

fn random_uniform(block: u32, seed: vec2u, draw: vec2u) -> vec4f {
  return to_uniform(random_words(block, seed, draw));
}

// Box and Muller's transform: two words make two normal numbers. The logarithm's argument lies in (0, 1].
fn random_normal(block: u32, seed: vec2u, draw: vec2u) -> vec4f {
  let u = to_uniform(random_words(block, seed, draw));
  let r = vec2f(sqrt(-2.0 * log_(1.0 - u.x)), sqrt(-2.0 * log_(1.0 - u.z)));
  let angle = 6.2831855 * u.yw;
  return vec4f(r.x * cos_(angle.x), r.x * sin_(angle.x), r.y * cos_(angle.y), r.y * sin_(angle.y));
}

// Below `range`, without bias (Lemire, "Fast random integer generation in an interval", 2019): words whose low product
// falls into the leftover of 2^32 / range are drawn again. A range of 0 stands for all 2^32.
fn random_below(word: u32, block: u32, seed: vec2u, draw: vec2u, range: u32) -> u32 {
  if range == 0u { return word; }
  let leftover = (0u - range) % range;
  var w = word;
  for (var attempt = 1u; w * range < leftover && attempt < 64u; attempt++) {
    w = philox(vec4u(block, draw.x, draw.y, attempt), seed).x;
  }
  return mul_high(w, range);
}

// Where a random permutation of 0 .. n - 1 sends i: a Feistel network of 8 rounds over the next even number of bits, walked
// until the result is below n (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002).
fn random_permutation(i: u32, n: u32, seed: vec2u, draw: vec2u) -> u32 {
  if i >= n { return i; } // in the padding of a vector: its cycle may never come below n
  let half_bits = max((33u - countLeadingZeros(n - 1u)) / 2u, 1u);
  let mask = (1u << half_bits) - 1u;
  var at = i;
  loop {
    var left = at >> half_bits;
    var right = at & mask;
    for (var round = 0u; round < 8u; round++) {
      let mixed = philox(vec4u(right, draw.x, draw.y, round + 1u), seed).x >> (32u - half_bits);
      let next = left ^ mixed;
      left = right;
      right = next;
    }
    at = (left << half_bits) | right;
    if at < n { break; }
  }
  return at;
}
