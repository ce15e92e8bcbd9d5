// y[o, d, i] = sum over the windows w that hold d of x[o, w, i, d - w * step]
//
// One lane per element of y. Window w covers w * step .. w * step + K - 1; windows may overlap or leave gaps.
//   binding 0  x  [O, W, I, K]  read
//           1  y  [O, D, I]     write
#import shared/grid
struct Params { O: u32, W: u32, I: u32, K: u32, D: u32, step: u32, x_offset: u32 }
alias S = f32; // stored
alias T = f32; // added up in
var<storage, read> x: array<S>;
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
  var sum = T();
  let end = min(d / p.step + 1u, p.W);
  var w = select(0u, (d - p.K) / p.step + 1u, d >= p.K); // the first window that reaches as far as d
  for (; w < end; w++) {
    sum += T(x[p.x_offset + ((o * p.W + w) * p.I + i) * p.K + d - w * p.step]);
  }
  y[at] = S(sum);
}
