// The derivative of connectionist temporal classification, as PyTorch has it: for log_probs that are normalized,
//   dx[t, n, c] = dy[n] (e^log_probs[t, n, c] - e^(loss[n] - log_probs[t, n, c]) sum of e^(alpha + beta) over s of label c)
// with beta[t, s] the sum over all ways on, as alpha is that over all ways there; both hold log_probs[t, n, label(s)].
//
// One workgroup per n, from the last step to the first. Of positions that share a label, the first one adds them up.
//   binding 0  log_probs  [T, N, C]      read
//           1  targets                   read
//           2  lengths    [3, N]         read: of inputs, of targets, and where targets start
//           3  table      [N, T P + 1]   read: alpha and, last, the loss
//           4  dy         [N]            read
//           5  out        dx [T, N, C], beta [N, 2, P]  write, side by side at the offsets given
//           6  fault                     write
#import shared/grid
#import shared/ctc
struct Params { T: u32, N: u32, C: u32, P: u32, blank: u32, log_probs_offset: u32, targets_offset: u32, lengths_offset: u32, table_offset: u32, dy_offset: u32, dx_offset: u32, beta_offset: u32, zero_infinity: u32, fault_code: u32 }
alias S = f32;
var<storage, read> log_probs: array<S>;
var<storage, read> targets: array<i32>;
var<storage, read> lengths: array<i32>;
var<storage, read> table: array<f32>;
var<storage, read> dy: array<f32>;
var<storage, read_write> out: array<f32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
const WORKGROUP_SIZE = 64u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups);
  if n >= p.N { return; } // the whole workgroup, so the barriers below stay uniform
  let steps = input_length(n);
  let positions = min(2 * target_length(n) + 1, p.P);
  let row = p.table_offset + n * (p.T * p.P + 1);
  let none = -infinity_beside(f32(lane));
  let loss = table[row + p.T * p.P];
  let is_lost = !(loss <= 0x1.fffffep+127);
  let scale = dy[p.dy_offset + n];
  let lost = select(nan_beside(loss), 0.0, p.zero_infinity != 0);
  for (var i = 0u; i < p.T; i++) {
    let t = p.T - 1 - i;
    let here = p.beta_offset + (2 * n + (t & 1)) * p.P;
    let next = p.beta_offset + (2 * n + ((t + 1) & 1)) * p.P;
    for (var s = lane; t < steps && s < positions; s += WORKGROUP_SIZE) {
      var after = select(none, 0.0, s + 2 >= positions);
      if t + 1 < steps {
        var one = none;
        var two = none;
        if s + 1 < positions { one = out[next + s + 1]; }
        if s + 2 < positions && may_skip(n, s + 2) { two = out[next + s + 2]; }
        after = log_sum_exp(out[next + s], one, two);
      }
      out[here + s] = after + log_prob(t, n, label_at(n, s));
    }
    let dx = p.dx_offset + (t * p.N + n) * p.C;
    for (var c = lane; c < p.C; c += WORKGROUP_SIZE) {
      out[dx + c] = select(0.0, select(scale * exp_(log_prob(t, n, c)), lost, is_lost), t < steps);
    }
    storageBarrier();
    for (var s = lane; t < steps && s < positions; s += WORKGROUP_SIZE) {
      let label = label_at(n, s);
      var is_first = true;
      for (var other = 0u; other < s; other++) { is_first = is_first && label_at(n, other) != label; }
      if !is_first { continue; }
      var sum = none;
      for (var other = s; other < positions; other++) {
        if label_at(n, other) == label { sum = log_sum_exp(sum, table[row + t * p.P + other] + out[here + other], none); }
      }
      let x = log_prob(t, n, label);
      out[dx + label] = select(scale * (exp_(x) - exp_(sum + loss - x)), lost, is_lost);
    }
  }
}
