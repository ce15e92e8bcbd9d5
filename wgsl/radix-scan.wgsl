// count[r, ..] = the sums of the counts before each: where in row r the keys of a digit and block begin
//
// One workgroup per row. Each lane adds up a run of counts, the lanes' sums are scanned, and each lane writes its run.
//   binding 0  count  [R, n]  counts before, starts after
#import shared/grid
struct Params { R: u32, n: u32 }
var<storage, read_write> count: array<u32>;
const LANES = 256u;
var<workgroup> sums: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let r = workgroup_index(group, groups);
  if r >= p.R { return; } // the whole workgroup, so the barriers below stay uniform
  let run = (p.n + LANES - 1) / LANES;
  let start = r * p.n + min(lane * run, p.n);
  let end = r * p.n + min(lane * run + run, p.n);
  var sum = 0u;
  for (var i = start; i < end; i++) { sum += count[i]; }
  sums[lane] = sum;
  for (var step = 1u; step < min(LANES, p.n); step *= 2u) { // lanes from n on have nothing to add
    workgroupBarrier();
    let other = select(0u, sums[max(lane, step) - step], lane >= step);
    workgroupBarrier();
    sums[lane] += other;
  }
  var total = sums[lane] - sum;
  for (var i = start; i < end; i++) {
    let own = count[i];
    count[i] = total;
    total += own;
  }
}
