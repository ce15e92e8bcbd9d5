// One step back through rnn.wgsl: (dy + back) (1 - h^2), or, where IS_RELU, dy + back for h > 0 and 0 elsewhere.
//   binding 0  dy      rows of [H]  read
//           1  back    [D, B, H]    read: dL/dh by way of the next step
//           2  y       rows of [H]  read
//           3  dx      rows of [H]  write
//           4  dgates  [D, B, H]    write: the same of this step
#import shared/grid
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, dy_offset: u32, first_time: u32, second_time: u32, y_offset: u32 }
alias S = f32;
alias V = f32;
var<storage, read> dy: array<S>;
var<storage, read> back: array<S>;
var<storage, read> y: array<S>;
var<storage, read_write> dx: array<S>;
var<storage, read_write> dgates: array<S>;
override IS_RELU: bool = false;
const WORKGROUP_SIZE = 64u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  let here = at.row * p.H + at.unit;
  let h = V(y[p.y_offset + here]);
  var value = V(dy[p.dy_offset + here]) + V(back[e]);
  if IS_RELU { value = select(value, V(), h <= V()); } else { value *= 1 - h * h; }
  dx[here] = S(value);
  dgates[e] = S(value);
}
