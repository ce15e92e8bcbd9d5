// delta[l] = sum_v dy[l, v] y[l, v], which attention's gradients subtract from the products of dy and v
//
// One lane per query. The terms are added up exactly as attention-gradient.wgsl adds up those of dy and v, by a matrix and a
// vector: where a query attends to one key alone, y is that v, and the difference is 0, as it must be.
//   binding 0  y      [.., L, V]      read
//           1  dy     [.., L, V]      read
//           2  stats  [2, .., L]      write: the second half
#import shared/grid
struct Params { batches: u32, heads: u32, L: u32, V: u32, delta_at: u32, y_offset: u32, y_batch: u32, y_head: u32, y_row: u32, dy_offset: u32, dy_batch: u32, dy_head: u32, dy_row: u32 }
alias S = f32;
var<storage, read> y: array<vec4<S>>;
var<storage, read> dy: array<vec4<S>>;
var<storage, read_write> stats: array<f32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if i >= p.batches * p.L { return; }
  let l = i % p.L;
  let head = i / p.L % p.heads;
  let batch = i / p.L / p.heads;
  let y_at = p.y_offset + batch * p.y_batch + head * p.y_head + l * p.y_row;
  let dy_at = p.dy_offset + batch * p.dy_batch + head * p.dy_head + l * p.dy_row;
  var t = vec4f();
  for (var v = 0u; v < p.V; v++) {
    let x = vec4f(dy[dy_at + v]);
    let columns = transpose(mat4x4f(x, x, x, x));
    t += columns * vec4f(y[y_at + v]);
  }
  stats[p.delta_at + i] = t.x;
}
