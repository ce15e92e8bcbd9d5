// What the kernels of connectionist temporal classification have in common: positions 0 .. 2 L of a row's extended target,
// which is its L labels with blanks before, between and after them.
#import shared/math
#import shared/fault

fn input_length(n: u32) -> u32 { return min(u32(max(lengths[p.lengths_offset + n], 0)), p.T); }
fn target_length(n: u32) -> u32 { return u32(max(lengths[p.lengths_offset + p.N + n], 0)); }

// The label at position s; where it is no class, the blank, and a fault.
fn label_at(n: u32, s: u32) -> u32 {
  if (s & 1u) == 0u { return p.blank; }
  let label = targets[p.targets_offset + u32(lengths[p.lengths_offset + 2 * p.N + n]) + s / 2];
  if label >= 0 && label < i32(p.C) { return u32(label); }
  report_fault(p.fault_code, label, p.C);
  return p.blank;
}

// Whether the blank before position s may be left out: between different labels.
fn may_skip(n: u32, s: u32) -> bool {
  return s >= 2u && (s & 1u) == 1u && label_at(n, s) != label_at(n, s - 2u);
}

fn log_prob(t: u32, n: u32, c: u32) -> f32 {
  return f32(log_probs[p.log_probs_offset + (t * p.N + n) * p.C + c]);
}

// log(e^a + e^b + e^c), of which any may be -infinity
fn log_sum_exp(a: f32, b: f32, c: f32) -> f32 {
  let m = max(a, max(b, c));
  if m < -0x1.fffffep+127 { return m; }
  return m + log_(exp_(a - m) + exp_(b - m) + exp_(c - m));
}
