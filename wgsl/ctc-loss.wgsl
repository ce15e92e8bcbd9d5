// Connectionist temporal classification (Graves et al., 2006), in logarithms:
//   alpha[n, t, s] = log_probs[t, n, label(s)] + log sum of e^alpha[n, t - 1, s'] over s' = s, s - 1 and, between different
//   labels, s - 2       loss[n] = -log(e^alpha[n, T - 1, 2 L] + e^alpha[n, T - 1, 2 L - 1])
//
// One workgroup per n; its lanes share the positions s and meet after every step in time. Rows of the table are the P
// positions of each of the T steps, and then the loss.
//   binding 0  log_probs  [T, N, C]      read
//           1  targets                   read
//           2  lengths    [3, N]         read: of inputs, of targets, and where targets start
//           3  table      [N, T P + 1]   write
//           4  fault                     write
#import shared/grid
#import shared/ctc
struct Params { T: u32, N: u32, C: u32, P: u32, blank: u32, log_probs_offset: u32, targets_offset: u32, lengths_offset: u32, table_offset: u32, fault_code: u32 }
alias S = f32;
var<storage, read> log_probs: array<S>;
var<storage, read> targets: array<i32>;
var<storage, read> lengths: array<i32>;
var<storage, read_write> table: array<f32>;
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
  for (var t = 0u; t < p.T; t++) {
    for (var s = lane; t < steps && s < positions; s += WORKGROUP_SIZE) {
      var before = select(none, 0.0, s < 2);
      if t > 0 {
        let last = row + (t - 1) * p.P + s;
        var one = none;
        var two = none;
        if s >= 1 { one = table[last - 1]; }
        if may_skip(n, s) { two = table[last - 2]; }
        before = log_sum_exp(table[last], one, two);
      }
      table[row + t * p.P + s] = before + log_prob(t, n, label_at(n, s));
    }
    storageBarrier();
  }
  if lane == 0 {
    var loss = select(-none, 0.0, positions == 1);
    if steps > 0 {
      let last = row + (steps - 1) * p.P + positions - 1;
      var one = none;
      if positions > 1 { one = table[last - 1]; }
      loss = -log_sum_exp(table[last], one, none);
    }
    table[row + p.T * p.P] = loss;
  }
}
