// cursor[b] = sum of the counts of the bins before b: where in the sorted order bin b begins
//
// One workgroup. Each lane adds up a run of bins, the lanes' sums are scanned, and each lane writes its run.
//   binding 0  cursor  [bins]  counts before, starts after
struct Params { bins: u32 }
var<storage, read_write> cursor: array<u32>;
const LANES = 256u;
var<workgroup> sums: array<u32, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32) {
  let run = (p.bins + LANES - 1) / LANES;
  let start = min(lane * run, p.bins);
  let end = min(start + run, p.bins);
  var sum = 0u;
  for (var b = start; b < end; b++) { sum += cursor[b]; }
  sums[lane] = sum;
  for (var step = 1u; step < LANES; step *= 2u) {
    workgroupBarrier();
    let other = select(0u, sums[max(lane, step) - step], lane >= step);
    workgroupBarrier();
    sums[lane] += other;
  }
  var total = sums[lane] - sum;
  for (var b = start; b < end; b++) {
    let count = cursor[b];
    cursor[b] = total;
    total += count;
  }
}
