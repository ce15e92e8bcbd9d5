// y[o, b, i] = sum of x[o, n, i] over the positions n of bin b
//
// One lane per element of y; sums run over the sorted positions in strands of 64, so that long ones stay accurate.
//   binding 0  x       [O, n, I]     read
//           1  order   [n]           read
//           2  end     [bins]        read: where each bin ends
//           3  y       [O, bins, I]  write
#import shared/grid
struct Params { O: u32, bins: u32, I: u32, count: u32, x_offset: u32 }
alias S = f32;
alias T = f32;
var<storage, read> x: array<S>;
var<storage, read> order: array<u32>;
var<storage, read> end: array<u32>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.O * p.bins * p.I { return; }
  let i = at % p.I;
  let b = at / p.I % p.bins;
  let o = at / p.I / p.bins;
  var first = 0u;
  if b > 0 { first = end[b - 1]; }
  var sum = T();
  for (var start = first; start < end[b]; start += 64u) {
    var strand = T();
    for (var s = start; s < min(start + 64u, end[b]); s++) {
      strand += T(x[p.x_offset + (o * p.count + order[s]) * p.I + i]);
    }
    sum += strand;
  }
  y[at] = S(sum);
}
