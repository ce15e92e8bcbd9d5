// order[..] = the positions n sorted by key, equal keys in the order of n; afterwards cursor[b] is the end of bin b
//
// One workgroup goes through the positions in chunks of LANES. Within a chunk a lane counts the equal keys before its
// own, so that the result does not depend on who comes first.
//   binding 0  key     [n]     read
//           1  order   [n]     write
//           2  cursor  [bins]  starts before, ends after
struct Params { count: u32, bins: u32 }
var<storage, read> key: array<u32>;
var<storage, read_write> order: array<u32>;
var<storage, read_write> cursor: array<u32>;
const LANES = 256u;
var<workgroup> keys: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var base = 0u; base < p.count; base += LANES) {
    let n = base + lane;
    let own = select(p.bins, key[min(n, p.count - 1)], n < p.count);
    keys[lane] = own;
    workgroupBarrier();
    var before = 0u;
    var all = 0u;
    for (var other = 0u; other < LANES; other++) {
      let is_equal = select(0u, 1u, keys[other] == own);
      all += is_equal;
      before += select(0u, is_equal, other < lane);
    }
    var start = 0u;
    if own < p.bins { start = cursor[own]; }
    storageBarrier();
    workgroupBarrier();
    if own < p.bins {
      order[start + before] = n;
      if before == all - 1 { cursor[own] = start + all; }
    }
    storageBarrier();
    workgroupBarrier();
  }
}
