// epilogue(k, s) takes finish(combine of load(k, r) over segment s of the r)
//
// For reductions whose elements lie side by side. One workgroup per kept element k and segment s; lane i takes
// r = i, i + WORKGROUP_SIZE, ... of the segment, so a sum runs in WORKGROUP_SIZE strands that meet in a tree: its error
// grows with the length of a strand, not of the row. `load` comes from a fused pointwise prologue and yields one element
// (V = T) or four (V = vec4<T>).
//   bindings: operands of load, then operands and results of the epilogue
#import shared/grid
struct Params { kept: u32, reduced: u32, segments: u32, segment: u32, identity: u32, scale: f32 }
alias T = f32;
alias V = vec4<f32>;
override WORKGROUP_SIZE: u32 = 256; // a power of two
var<workgroup> strands: array<T, WORKGROUP_SIZE>;

#slot combine
#slot load
#slot finish
#slot epilogue
#slot store

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  if w >= p.kept * p.segments { return; } // the whole workgroup, so the barriers below stay uniform
  let k = w / p.segments;
  let start = (w % p.segments) * p.segment;
  let end = min(start + p.segment, p.reduced);

  var strand = nothing();
  for (var r = start + lane; r < end; r += WORKGROUP_SIZE) { strand = combine_v(strand, load(k, r)); }
  strands[lane] = join(strand);
  for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane < half { strands[lane] = combine(strands[lane], strands[lane + half]); }
  }
  if lane == 0 { store(w, strands[0]); }
}
