// count[r, d, b] = how many keys in block b of row r have the digit d: bits `shift` and following, BITS of them
//
// One workgroup per block of BLOCK keys.
//   binding 0  key    [R, C]         read
//           1  count  [R, 32, blocks]  write
#import shared/grid
struct Params { R: u32, C: u32, blocks: u32, shift: u32, key_offset: u32 }
var<storage, read> key: array<u32>;
var<storage, read_write> count: array<u32>;
const LANES = 64u;
const BLOCK = 1024u;
const DIGITS = 32u; // 2^BITS
var<workgroup> counts: array<atomic<u32>, DIGITS>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  if w >= p.R * p.blocks { return; } // the whole workgroup, so the barriers below stay uniform
  let r = w / p.blocks;
  let block = w % p.blocks;
  let end = min((block + 1) * BLOCK, p.C);
  if lane < DIGITS { atomicStore(&counts[lane], 0u); }
  workgroupBarrier();
  for (var c = block * BLOCK + lane; c < end; c += LANES) {
    atomicAdd(&counts[(key[p.key_offset + r * p.C + c] >> p.shift) & (DIGITS - 1)], 1u);
  }
  workgroupBarrier();
  if lane < DIGITS { count[(r * DIGITS + lane) * p.blocks + block] = atomicLoad(&counts[lane]); }
}
