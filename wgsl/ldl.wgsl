// A = P L D L^T P^T of a symmetric matrix, in place in its lower triangle, with the pivoting of Bunch and Kaufman ("Some stable
// methods for calculating inertia and solving symmetric linear systems", 1977) and in LAPACK's form: D has blocks of one
// or two rows on the diagonal; pivots[k] > 0 is the row exchanged with row k, from 1; two equal negative ones mean a block
// of two, whose second row was exchanged. info is 0, or the first k, from 1, where D is singular.
//
// One lane per matrix: meant for small ones.
//   binding 0  a       [batches, n, n]  read, write
//           1  pivots  [batches, n]     write
//           2  info    [batches]        write
#import shared/grid
struct Params { batches: u32, n: u32 }
var<storage, read_write> a: array<f32>;
var<storage, read_write> pivots: array<i32>;
var<storage, read_write> info: array<i32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if g >= p.batches { return; }
  let n = p.n;
  let base = g * n * n;
  var failed = 0u;
  var k = 0u;
  while k < n {
    let size = abs(a[base + k * n + k]);
    var column_size = 0.0;
    var largest = k;
    for (var i = k + 1; i < n; i++) {
      let other = abs(a[base + i * n + k]);
      if other > column_size { column_size = other; largest = i; }
    }
    var partner = k;
    var step = 1u;
    if max(size, column_size) == 0.0 {
      if failed == 0 { failed = k + 1; }
    } else {
      // (1 + sqrt(17)) / 8 bounds the growth of elements equally for blocks of one and of two.
      if size < 0.640388203 * column_size {
        var row_size = 0.0;
        for (var j = k; j < largest; j++) { row_size = max(row_size, abs(a[base + largest * n + j])); }
        for (var i = largest + 1; i < n; i++) { row_size = max(row_size, abs(a[base + i * n + largest])); }
        if size < 0.640388203 * column_size * (column_size / row_size) {
          partner = largest;
          if abs(a[base + largest * n + largest]) < 0.640388203 * row_size { step = 2; }
        }
      }
      let last = k + step - 1;
      if partner != last { exchange(base, k, last, partner); }
      if step == 1 { eliminate_one(base, k); } else { eliminate_two(base, k); }
    }
    pivots[g * n + k] = select(-i32(partner) - 1, i32(partner) + 1, step == 1);
    if step == 2 { pivots[g * n + k + 1] = -i32(partner) - 1; }
    k += step;
  }
  info[g] = i32(failed);
}

fn swap(one: u32, other: u32) {
  let value = a[one];
  a[one] = a[other];
  a[other] = value;
}

// Rows and columns `last` and `partner` of what is left of the matrix from row k on.
fn exchange(base: u32, k: u32, last: u32, partner: u32) {
  let n = p.n;
  for (var i = partner + 1; i < n; i++) { swap(base + i * n + last, base + i * n + partner); }
  for (var i = last + 1; i < partner; i++) { swap(base + i * n + last, base + partner * n + i); }
  swap(base + last * n + last, base + partner * n + partner);
  if last > k { swap(base + last * n + k, base + partner * n + k); }
}

fn eliminate_one(base: u32, k: u32) {
  let n = p.n;
  let d = 1.0 / a[base + k * n + k];
  for (var j = k + 1; j < n; j++) {
    let factor = d * a[base + j * n + k];
    for (var i = j; i < n; i++) { a[base + i * n + j] -= factor * a[base + i * n + k]; }
  }
  for (var i = k + 1; i < n; i++) { a[base + i * n + k] *= d; }
}

fn eliminate_two(base: u32, k: u32) {
  let n = p.n;
  let off = a[base + (k + 1) * n + k];
  let first = a[base + (k + 1) * n + k + 1] / off;
  let second = a[base + k * n + k] / off;
  let d = 1.0 / (first * second - 1.0) / off;
  for (var j = k + 2; j < n; j++) {
    let one = d * (first * a[base + j * n + k] - a[base + j * n + k + 1]);
    let two = d * (second * a[base + j * n + k + 1] - a[base + j * n + k]);
    for (var i = j; i < n; i++) {
      a[base + i * n + j] -= a[base + i * n + k] * one + a[base + i * n + k + 1] * two;
    }
    a[base + j * n + k] = one;
    a[base + j * n + k + 1] = two;
  }
}
