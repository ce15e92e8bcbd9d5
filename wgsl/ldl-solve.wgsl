// X of A X = B from ldl.wgsl's decomposition of A, in place of B: the exchanges and L forwards, D, then L^T and the exchanges
// backwards.
//
// One lane per column of X.
//   binding 0  a       [batches, n, n]  read
//           1  pivots  [batches, n]     read
//           2  x       [batches, n, k]  read, write
#import shared/grid
struct Params { batches: u32, n: u32, k: u32, a_offset: u32, pivots_offset: u32 }
var<storage, read> a: array<f32>;
var<storage, read> pivots: array<i32>;
var<storage, read_write> x: array<f32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.batches * p.k { return; }
  let g = at / p.k;
  let n = p.n;
  let column = g * n * p.k + at % p.k;
  let base = p.a_offset + g * n * n;
  let from_pivots = p.pivots_offset + g * n;
  var i = 0u;
  while i < n {
    let pivot = pivots[from_pivots + i];
    let partner = min(u32(max(abs(pivot), 1)) - 1, n - 1);
    if pivot > 0 || i + 1 == n {
      swap(column, i, partner);
      let value = x[column + i * p.k];
      for (var j = i + 1; j < n; j++) { x[column + j * p.k] -= a[base + j * n + i] * value; }
      x[column + i * p.k] = value / a[base + i * n + i];
      i += 1;
    } else {
      swap(column, i + 1, partner);
      let one = x[column + i * p.k];
      let two = x[column + (i + 1) * p.k];
      for (var j = i + 2; j < n; j++) {
        x[column + j * p.k] -= a[base + j * n + i] * one + a[base + j * n + i + 1] * two;
      }
      let off = a[base + (i + 1) * n + i];
      let first = a[base + i * n + i] / off;
      let second = a[base + (i + 1) * n + i + 1] / off;
      let d = first * second - 1.0;
      x[column + i * p.k] = (second * (one / off) - two / off) / d;
      x[column + (i + 1) * p.k] = (first * (two / off) - one / off) / d;
      i += 2;
    }
  }
  while i > 0 {
    let last = i - 1;
    let pivot = pivots[from_pivots + last];
    let partner = min(u32(max(abs(pivot), 1)) - 1, n - 1);
    let step = select(2u, 1u, pivot > 0 || last == 0);
    for (var row = i - step; row < i; row++) {
      var sum = x[column + row * p.k];
      for (var j = i; j < n; j++) { sum -= a[base + j * n + row] * x[column + j * p.k]; }
      x[column + row * p.k] = sum;
    }
    swap(column, last, partner);
    i -= step;
  }
}

fn swap(column: u32, one: u32, other: u32) {
  let value = x[column + one * p.k];
  x[column + one * p.k] = x[column + other * p.k];
  x[column + other * p.k] = value;
}
