// end[r, d] = how many of row r's keys are at most d: where, in the sorted row, those of d end
//
// One lane per end, by bisection.
//   binding 0  key  [R, J]  read, sorted
//           1  end  [R, D]  write
#import shared/grid
struct Params { R: u32, J: u32, D: u32 }
var<storage, read> key: array<u32>;
var<storage, read_write> end: array<u32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.R * p.D { return; }
  let d = at % p.D;
  let row = at / p.D * p.J;
  var low = 0u;
  var high = p.J;
  while low < high {
    let middle = (low + high) / 2;
    if key[row + middle] <= d { low = middle + 1; } else { high = middle; }
  }
  end[at] = low;
}
