// y[o, d, i] = combination of x[o, j, i] over the j whose key is d, in ascending order of j; the identity where there are none
//
// One lane per element of y, or per vector of four (then I counts vectors); it goes through its part of the sorted order
// in strands of 64, so that long sums stay accurate. The keys have a row for each o and i, or one row for all (`is_shared`).
//   binding 0  x      [O, J, I]  read
//           1  order  [R, J]     read
//           2  end    [R, D]     read: where the positions of each key end
//           3  y      [O, D, I]  write
#import shared/grid
#import shared/math
struct Params { O: u32, D: u32, I: u32, J: u32, x_offset: u32, is_shared: u32, identity: u32 }
alias S = f32;
alias T = f32;
var<storage, read> x: array<S>;
var<storage, read> order: array<u32>;
var<storage, read> end: array<u32>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64;

#slot combine

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.O * p.D * p.I { return; }
  let i = at % p.I;
  let d = at / p.I % p.D;
  let o = at / p.I / p.D;
  let r = select(o * p.I + i, 0, p.is_shared != 0);
  let last = end[r * p.D + d];
  var first = 0u;
  if d > 0 { first = end[r * p.D + d - 1]; }
  var all = from_bits(p.identity);
  for (var start = first; start < last; start += 64u) {
    var strand = from_bits(p.identity);
    for (var s = start; s < min(start + 64u, last); s++) {
      strand = combine(strand, T(x[p.x_offset + (o * p.J + order[r * p.J + s]) * p.I + i]));
    }
    all = combine(all, strand);
  }
  y[at] = S(all);
}
