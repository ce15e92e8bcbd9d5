// epilogue(s, k) takes finish(combine of load(k, r) over segment s of the r)
//
// For reductions whose kept elements lie side by side, for short ones, and for software adapters, to which barriers cost
// more than memory. One lane per kept element (or four of them) and segment: neighbouring lanes read neighbouring memory,
// if kept elements are neighbours. A lane combines strands of 64 elements first, so that the error of a sum grows with the
// number of strands.
//   bindings: operands of load, then operands and results of the epilogue
#import shared/grid
struct Params { kept: u32, reduced: u32, segments: u32, segment: u32, identity: u32, scale: f32 }
alias T = f32;
alias V = vec4<f32>;
override WORKGROUP_SIZE: u32 = 64;

#slot combine
#slot load
#slot finish
#slot epilogue
#slot store

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + local.x;
  if i >= p.kept * p.segments { return; }
  let k = i % p.kept;
  let start = (i / p.kept) * p.segment;
  let end = min(start + p.segment, p.reduced);

  var v = nothing();
  for (var first = start; first < end; first += 64u) {
    var strand = nothing();
    let last = min(first + 64u, end);
    var r = first;
    #slot fours
    for (; r < last; r++) { strand = combine_v(strand, load(k, r)); }
    v = combine_v(v, strand);
  }
  store(i, v);
}
