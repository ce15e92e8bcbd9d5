// y[o, d, i] = x[o, last - 1, i], or base[o, d, i] where last[o, d, i] is 0
//
// One lane per element of y.
//   binding 0  base  [O, D, I]  read
//           1  x     [O, J, I]  read
//           2  last             read, [O, D, I] or (`is_shared`) [D]
//           3  y     [O, D, I]  write
#import shared/grid
struct Params { O: u32, D: u32, I: u32, J: u32, base_offset: u32, x_offset: u32, is_shared: u32 }
alias S = f32;
var<storage, read> base: array<S>;
var<storage, read> x: array<S>;
var<storage, read> last: array<u32>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.O * p.D * p.I { return; }
  let i = at % p.I;
  let d = at / p.I % p.D;
  let o = at / p.I / p.D;
  let j = last[select(at, d, p.is_shared != 0)];
  if j == 0 { y[at] = base[p.base_offset + at]; } else { y[at] = x[p.x_offset + (o * p.J + j - 1) * p.I + i]; }
}
