// y[o, d, i] = combination of x[o, j, i] over the j with index[o, j, i] = d, in ascending order of j; else the identity
//
// For a few j: one lane per element of y looks at all of them. The lane of d = 0 reports indices out of range.
//   binding 0  x      [O, J, I]  read
//           1  index             read
//           2  y      [O, D, I]  write
//           3  fault             write
#import shared/grid
#import shared/fault
#import shared/math
struct Params { O: u32, J: u32, I: u32, D: u32, x_offset: u32, index_offset: u32, index_o: u32, index_j: u32, index_i: u32, wraps: u32, fault_code: u32, identity: u32 }
alias S = f32;
alias T = f32;
var<storage, read> x: array<S>;
var<storage, read> index: array<i32>;
var<storage, read_write> y: array<S>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

#slot combine

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.O * p.D * p.I { return; }
  let i = at % p.I;
  let d = i32(at / p.I % p.D);
  let o = at / p.I / p.D;
  var all = from_bits(p.identity);
  for (var j = 0u; j < p.J; j++) {
    let value = index[p.index_offset + o * p.index_o + j * p.index_j + i * p.index_i];
    let own = value + select(0, i32(p.D), value < 0 && p.wraps != 0);
    if own == d { all = combine(all, T(x[p.x_offset + (o * p.J + j) * p.I + i])); }
    if d == 0 && (own < 0 || own >= i32(p.D)) { report_fault(p.fault_code, value, p.D); }
  }
  y[at] = S(all);
}
