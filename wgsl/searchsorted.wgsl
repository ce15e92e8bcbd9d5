// y[r, m] = how many elements of the sorted row r of `sequence` come before x[r, m]: those that are smaller, or (`is_right`)
// not larger. NaN is larger than any number, and comes after other NaNs.
//
// One lane per element of y, by bisection.
//   binding 0  sequence  [R, N] or (`is_shared`) [N]  read
//           1  x         [R, M]                       read
//           2  y         [R, M]                       write
#import shared/grid
#import shared/math
struct Params { R: u32, N: u32, M: u32, sequence_offset: u32, x_offset: u32, is_shared: u32, is_right: u32 }
alias S = f32;
alias T = f32;
var<storage, read> sequence: array<S>;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<i32>;
override WORKGROUP_SIZE: u32 = 64;

#slot nan

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.R * p.M { return; }
  let row = p.sequence_offset + select(at / p.M * p.N, 0, p.is_shared != 0);
  let value = T(x[p.x_offset + at]);
  let is_last = never_ordered(value);
  var low = 0u;
  var high = p.N;
  while low < high {
    let middle = low + (high - low) / 2;
    let other = T(sequence[row + middle]);
    let is_before = other < value || (p.is_right != 0 && other == value);
    if is_before || is_last || never_ordered(other) { low = middle + 1; } else { high = middle; }
  }
  y[at] = i32(low);
}
