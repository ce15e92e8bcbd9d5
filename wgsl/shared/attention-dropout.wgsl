// Dropout of attention's weights. A block of Philox's words is for two queries by two keys, so that a tile finds its own with
// as few blocks whichever way it lies.
#import shared/philox

// Uniform in [0, 1), for the weights of an even query and the one after it by an even key and the one after it: row by row.
// g numbers the matrices, of `sizes` (queries, keys).
fn dropout_numbers(g: u32, query: u32, key: u32, sizes: vec2u, seed: vec2u, draw: vec2u) -> vec4f {
  let pairs = (sizes + vec2u(1u)) / vec2u(2u);
  return to_uniform(random_words((g * pairs.x + query / 2u) * pairs.y + key / 2u, seed, draw));
}

// The one for element i of all matrices.
fn dropout_number(i: u32, sizes: vec2u, seed: vec2u, draw: vec2u) -> f32 {
  let key = i % sizes.y;
  let query = i / sizes.y % sizes.x;
  let g = i / sizes.y / sizes.x;
  return dropout_numbers(g, query, key, sizes, seed, draw)[query % 2u * 2u + key % 2u];
}
