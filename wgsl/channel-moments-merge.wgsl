// The moments of channels from those of their segments (Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm
// for computing sample variances", 1979): with n_s elements in segment s,
//   mean = sum_s n_s mean_s / n      sum of squares = sum_s squares_s + n_s (mean_s - mean)^2
//
// One lane per channel.
//   binding 0  parts   mean and sum of squares of each segment, [segments, channels] each                     read
//           1  stats   mean [channels] and rstd [channels] at the offsets given                               write
//           and those of running statistics, if they are kept
#import shared/grid
#import shared/math
struct Params { channels: u32, segments: u32, outer: u32, inner: u32, outer_part: u32, inner_part: u32, inner_parts: u32, parts_offset: u32, squares_offset: u32, mean_offset: u32, rstd_offset: u32, width: f32, eps: f32 }
var<storage, read> parts: array<f32>;
var<storage, read_write> stats: array<f32>;

#slot finish

fn elements_in(segment: u32) -> f32 {
  let from_a = segment / p.inner_parts * p.outer_part;
  let from_b = segment % p.inner_parts * p.inner_part;
  return f32(min(p.outer_part, p.outer - from_a)) * f32(min(p.inner_part, p.inner - from_b)) * p.width;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let c = workgroup_index(group, groups) * 64 + local.x;
  if c >= p.channels { return; }
  let n = f32(p.outer) * f32(p.inner) * p.width;
  var mean = 0.0;
  for (var s = 0u; s < p.segments; s++) { mean += elements_in(s) / n * parts[p.parts_offset + s * p.channels + c]; }
  var squares = 0.0;
  for (var s = 0u; s < p.segments; s++) {
    let d = parts[p.parts_offset + s * p.channels + c] - mean;
    squares += parts[p.squares_offset + s * p.channels + c] + elements_in(s) * d * d;
  }
  finish(0, c, mean, squares, n);
}
