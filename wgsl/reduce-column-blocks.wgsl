// epilogue(s, k) takes finish(combine of load(k, r) over segment s of the r)
//
// As reduce-columns.wgsl, with COLUMNS neighbouring kept elements (or vectors of four) per lane, and a multiple of COLUMNS
// of them kept. For adapters that run lanes one after another, and whose compiler unrolls the loops over the columns: a lane
// that reads 64 bytes in a row waits less for memory than four that come back for 16 bytes each.
//   bindings: operands of load, then operands and results of the epilogue
#import shared/grid
struct Params { kept: u32, reduced: u32, segments: u32, segment: u32, identity: u32, scale: f32 }
alias T = f32;
alias V = vec4<f32>;
override WORKGROUP_SIZE: u32 = 64;
const COLUMNS = 4u;

#slot combine
#slot load
#slot finish
#slot epilogue
#slot store

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + local.x;
  let columns = p.kept / COLUMNS;
  if i >= columns * p.segments { return; }
  let k = i % columns * COLUMNS;
  let segment = i / columns;
  let start = segment * p.segment;
  let end = min(start + p.segment, p.reduced);

  var v: array<V, COLUMNS>;
  for (var c = 0u; c < COLUMNS; c++) { v[c] = nothing(); }
  for (var first = start; first < end; first += 64u) {
    var strand: array<V, COLUMNS>;
    for (var c = 0u; c < COLUMNS; c++) { strand[c] = nothing(); }
    for (var r = first; r < min(first + 64u, end); r++) {
      for (var c = 0u; c < COLUMNS; c++) { strand[c] = combine_v(strand[c], load(k + c, r)); }
    }
    for (var c = 0u; c < COLUMNS; c++) { v[c] = combine_v(v[c], strand[c]); }
  }
  for (var c = 0u; c < COLUMNS; c++) { store(segment * p.kept + k + c, v[c]); }
}
