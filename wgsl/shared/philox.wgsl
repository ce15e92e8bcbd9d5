// Counter-based random numbers: Philox4x32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3",
// SC 2011). The same key and counter give the same four words on every adapter, in any order.
#import shared/mul-high

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    c = vec4u(mul_high(0xCD9E8D57u, c.z) ^ c.y ^ k.x, 0xCD9E8D57u * c.z, mul_high(0xD2511F53u, c.x) ^ c.w ^ k.y, 0xD2511F53u * c.x);
    k += vec2u(0x9E3779B9u, 0xBB67AE85u);
  }
  return c;
}

// Four words for elements 4 * block ... 4 * block + 3 of draw number `draw` under `seed`.
fn random_words(block: u32, seed: vec2u, draw: vec2u) -> vec4u {
  return philox(vec4u(block, draw.x, draw.y, 0u), seed);
}

// In [0, 1), multiples of 2^-24.
fn to_uniform(words: vec4u) -> vec4f {
  return vec4f(words >> vec4u(8u)) * 0x1p-24;
}
