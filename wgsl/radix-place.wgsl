// Moves every key, and the position it had at first, to its place by one digit; equal digits keep their order
//
// One workgroup per block of BLOCK keys, a lane for EACH that follow each other. The lanes count their digits; for each
// digit the counts of the lanes before, and of the blocks before (radix-scan), say where a lane's keys go.
//   binding 0  key        [R, C]           read
//           1  order      [R, C]           read, unless `is_first`: then positions are what they are
//           2  start      [R, 32, blocks]  read
//           3  next_key   [R, C]           write
//           4  next_order [R, C]           write
#import shared/grid
struct Params { R: u32, C: u32, blocks: u32, shift: u32, key_offset: u32, is_first: u32 }
var<storage, read> key: array<u32>;
var<storage, read> order: array<u32>;
var<storage, read> start: array<u32>;
var<storage, read_write> next_key: array<u32>;
var<storage, read_write> next_order: array<u32>;
const LANES = 64u;
const EACH = 16u;
const BLOCK = 1024u; // LANES * EACH
const DIGITS = 32u; // 2^BITS
const STRIDE = LANES + 1; // one more than the lanes, so that walking along them takes turns at the memory banks
var<workgroup> places: array<u32, DIGITS * STRIDE>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  if w >= p.R * p.blocks { return; } // the whole workgroup, so the barriers below stay uniform
  let r = w / p.blocks;
  let block = w % p.blocks;
  let first = min(block * BLOCK + lane * EACH, p.C);
  let end = min(first + EACH, p.C);

  for (var d = 0u; d < DIGITS; d++) { places[d * STRIDE + lane] = 0u; }
  for (var c = first; c < end; c++) {
    let d = (key[p.key_offset + r * p.C + c] >> p.shift) & (DIGITS - 1);
    places[d * STRIDE + lane] += 1u;
  }
  workgroupBarrier();
  if lane < DIGITS {
    var at = start[(r * DIGITS + lane) * p.blocks + block];
    for (var other = 0u; other < LANES; other++) {
      let count = places[lane * STRIDE + other];
      places[lane * STRIDE + other] = at;
      at += count;
    }
  }
  workgroupBarrier();
  for (var c = first; c < end; c++) {
    let own = key[p.key_offset + r * p.C + c];
    let slot = ((own >> p.shift) & (DIGITS - 1)) * STRIDE + lane;
    let at = r * p.C + places[slot];
    places[slot] += 1u;
    next_key[at] = own;
    if p.is_first != 0 { next_order[at] = c; } else { next_order[at] = order[r * p.C + c]; }
  }
}
