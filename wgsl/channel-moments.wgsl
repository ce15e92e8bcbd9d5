// mean[c] = sum x[c, a, b] / n      rstd[c] = 1 / sqrt(sum (x[c, a, b] - mean[c])^2 / n + eps)      n = outer inner
//
// A channel is `outer` runs of `inner` elements (or vectors of four). LANES lanes share a channel or, where it is cut into
// segments, one of those; `span` of them go along a run, so that no index has to be divided. The squares have a pass of
// their own, and nothing cancels however large the mean is. Sums run in strands of 64.
//   binding 0  x       element (c, a, b) at x_offset + c channel_stride + a outer_stride + b inner_stride     read
//           1  stats   mean [channels] and rstd [channels] at the offsets given, or                           write
//                      mean and sum of squares of each segment, [segments, channels] each
//           and those of running statistics, if they are kept
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { channels: u32, segments: u32, outer: u32, inner: u32, outer_part: u32, inner_part: u32, inner_parts: u32, span: u32, x_offset: u32, channel_stride: u32, outer_stride: u32, inner_stride: u32, mean_offset: u32, rstd_offset: u32, width: f32, eps: f32 }
alias V = f32;
var<storage, read> x: array<V>;
var<storage, read_write> stats: array<f32>;

#slot vector
#slot finish

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_unit = workgroup_index(group, groups) * ROWS;
  let units = p.channels * p.segments;
  if first_unit >= units { return; } // the whole workgroup, so the barriers below stay uniform
  let own = first_unit + local.x / LANES;
  let unit = min(own, units - 1); // lanes past the end repeat the last one and store nothing
  let c = unit % p.channels;
  let segment = unit / p.channels;
  let from_a = segment / p.inner_parts * p.outer_part;
  let to_a = min(from_a + p.outer_part, p.outer);
  let from_b = segment % p.inner_parts * p.inner_part;
  let to_b = min(from_b + p.inner_part, p.inner);
  let n = f32(to_a - from_a) * f32(to_b - from_b) * p.width;
  let lane = local.x % LANES;
  let start = p.x_offset + c * p.channel_stride;

  var sum = V();
  for (var a = from_a + lane / p.span; a < to_a; a += LANES / p.span) {
    let run = start + a * p.outer_stride;
    for (var first = from_b + lane % p.span; first < to_b; first += 64 * p.span) {
      var strand = V();
      for (var b = first; b < min(first + 64 * p.span, to_b); b += p.span) { strand += x[run + b * p.inner_stride]; }
      sum += strand;
    }
  }
  let mean = sum_over_row(sum_of(sum), local.x) / n;

  var squares = V();
  for (var a = from_a + lane / p.span; a < to_a; a += LANES / p.span) {
    let run = start + a * p.outer_stride;
    for (var first = from_b + lane % p.span; first < to_b; first += 64 * p.span) {
      var strand = V();
      for (var b = first; b < min(first + 64 * p.span, to_b); b += p.span) {
        let d = x[run + b * p.inner_stride] - mean;
        strand += d * d;
      }
      squares += strand;
    }
  }
  let total = sum_over_row(sum_of(squares), local.x);
  if lane == 0 && own == unit { finish(segment, c, mean, total, n); }
}
