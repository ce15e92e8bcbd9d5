// y[s, k] = finish(combine of load(r, k) over segment s of the r)
//
// For reductions whose kept elements lie side by side, and for short ones. One lane per kept element (or four of them)
// and segment: neighbouring lanes read neighbouring memory.
//   binding 0     y  [segments, kept]  write
//           1 ..  operands of load     read
#import shared/grid
struct Params { kept: u32, reduced: u32, segments: u32, segment: u32, identity: u32, scale: f32 }
alias T = f32;
alias V = vec4<f32>;
var<storage, read_write> y: array<V>;
override WORKGROUP_SIZE: u32 = 64;

#slot combine
#slot load
#slot finish

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if i >= p.kept * p.segments { return; }
  let k = i % p.kept;
  let start = (i / p.kept) * p.segment;
  let end = min(start + p.segment, p.reduced);

  var result = V(from_bits(p.identity));
  for (var r = start; r < end; r++) { result = combine_v(result, load(r, k)); }
  y[i] = finish_v(result);
}
