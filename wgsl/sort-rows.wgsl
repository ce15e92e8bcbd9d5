// order[r, ..] = the positions 0 .. C - 1 sorted by key[r, position], equal keys in the order of positions; and the keys
//
// Rows of up to LONGEST keys, in workgroup memory: bitonic merges of (key, position) pairs, which are all different, so
// that the result is the stable one. A row takes `padded` places, a power of two; short rows share a workgroup. Places
// past the row's end hold the largest key and a position past all others.
//   binding 0  key         [R, C]  read
//           1  sorted_key  [R, C]  write
//           2  order       [R, C]  write
#import shared/grid
struct Params { R: u32, C: u32, padded: u32, key_offset: u32 }
var<storage, read> key: array<u32>;
var<storage, read_write> sorted_key: array<u32>;
var<storage, read_write> order: array<u32>;
const LANES = 256u;
const LONGEST = 1024u;
var<workgroup> keys: array<u32, LONGEST>;
var<workgroup> positions: array<u32, LONGEST>;

fn is_after(a: u32, b: u32) -> bool {
  return keys[a] > keys[b] || (keys[a] == keys[b] && positions[a] > positions[b]);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let rows = LONGEST / p.padded;
  let first_row = workgroup_index(group, groups) * rows;
  if first_row >= p.R { return; } // the whole workgroup, so the barriers below stay uniform
  let used = min(rows, p.R - first_row) * p.padded;

  for (var at = lane; at < used; at += LANES) {
    let c = at % p.padded;
    positions[at] = c;
    keys[at] = select(0xffffffffu, key[p.key_offset + (first_row + at / p.padded) * p.C + min(c, p.C - 1)], c < p.C);
  }
  for (var run = 2u; run <= p.padded; run *= 2u) {
    for (var step = run / 2; step > 0; step /= 2) {
      workgroupBarrier();
      for (var pair = lane; pair < used / 2; pair += LANES) {
        let a = pair / step * step * 2 + pair % step;
        let b = a + step;
        if is_after(a, b) != ((a & run) != 0 && run < p.padded) {
          let held = vec2u(keys[a], positions[a]);
          keys[a] = keys[b];
          positions[a] = positions[b];
          keys[b] = held.x;
          positions[b] = held.y;
        }
      }
    }
  }
  workgroupBarrier();
  for (var at = lane; at < used; at += LANES) {
    let c = at % p.padded;
    if c >= p.C { continue; }
    let target_at = (first_row + at / p.padded) * p.C + c;
    sorted_key[target_at] = keys[at];
    order[target_at] = positions[at];
  }
}
