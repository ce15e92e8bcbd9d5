// c[i] = sum_s parts[s, i]
//
// The second stage of a matrix product whose k was divided: one lane adds the parts of one element, in their order.
//   binding 0     parts  [parts, n]  read
//           1 ..  operands and results of the epilogue
#import shared/grid
struct Params { n: u32, parts: u32 }
alias T = f32;
var<storage, read> parts: array<f32>;

#slot epilogue

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * 64 + lane;
  if i >= p.n { return; }
  var sum = 0.0;
  for (var s = 0u; s < p.parts; s++) { sum += parts[s * p.n + i]; }
  epilogue(i, T(sum));
}
