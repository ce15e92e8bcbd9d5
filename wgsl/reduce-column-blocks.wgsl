// epilogue(s, k) takes finish(combine of load(k, r) over segment s of the r)
//
// As reduce-columns.wgsl, with COLUMNS neighbouring kept elements (or vectors of four) per lane, and a multiple of COLUMNS
// of them kept. For adapters that run lanes one after another: a lane that reads 64 bytes in a row waits less for memory
// than four that come back for 16 bytes each. Written out, as SwiftShader keeps arrays with computed indices in memory.
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

  var v0 = nothing();
  var v1 = v0;
  var v2 = v0;
  var v3 = v0;
  for (var first = start; first < end; first += 64u) {
    var s0 = nothing();
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    for (var r = first; r < min(first + 64u, end); r++) {
      s0 = combine_v(s0, load(k, r));
      s1 = combine_v(s1, load(k + 1, r));
      s2 = combine_v(s2, load(k + 2, r));
      s3 = combine_v(s3, load(k + 3, r));
    }
    v0 = combine_v(v0, s0);
    v1 = combine_v(v1, s1);
    v2 = combine_v(v2, s2);
    v3 = combine_v(v3, s3);
  }
  let to = segment * p.kept + k;
  store(to, v0);
  store(to + 1, v1);
  store(to + 2, v2);
  store(to + 3, v3);
}
