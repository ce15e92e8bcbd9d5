// y[n, h, w] = x[n, h - top, w - left] where that is inside x, else 0
//
// Prepares the input of a convolution so that its kernel reads without looking: zeros around the planes, rows of a multiple
// of four. n runs over batch and channels. One lane per four neighbouring elements of y.
//   binding 0  x  [N, IH, IW]      read
//           1  y  [N, OH, OW / 4]  write
#import shared/grid
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, top: i32, left: i32, x_offset: u32 }
alias T = f32;
var<storage, read> x: array<T>;
var<storage, read_write> y: array<vec4<T>>;
override WORKGROUP_SIZE: u32 = 64;

fn element(row: u32, w: i32) -> T {
  let is_inside = w >= 0 && w < i32(p.IW);
  return select(T(0), x[row + u32(clamp(w, 0, i32(p.IW) - 1))], is_inside);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let across = p.OW / 4;
  let n = i / across / p.OH;
  if n >= p.N { return; }
  let h = i32(i / across % p.OH) - p.top;
  if h < 0 || h >= i32(p.IH) {
    y[i] = vec4<T>();
    return;
  }
  let row = p.x_offset + (n * p.IH + u32(h)) * p.IW;
  let w = i32(i % across * 4) - p.left;
  y[i] = vec4<T>(element(row, w), element(row, w + 1), element(row, w + 2), element(row, w + 3));
}
