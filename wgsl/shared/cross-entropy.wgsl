// Rows of cross-entropy: where they are, and the loss of one. Their launcher writes `logit_at`, an element of x,
// and what weights and smoothing make of a row: `weighed`, `keep_mass` and `spread_of`.
#import shared/math
#import shared/fault

// The loss of a row and what the row counts, or zeros if it is ignored. Keeps what the derivative needs.
// spread: the means over all classes of their losses, weighted, and of their weights.
fn settle(r: u32, m: f32, log_sum: f32, spread: vec2f) -> vec2f {
  out[p.m_offset + r] = m;
  out[p.log_sum_offset + r] = log_sum;
  let label = labels[p.labels_offset + r];
  if label >= 0 && label < i32(p.C) && label != p.ignored {
    let own = (m - logit_at(row_start(r) + u32(label) * p.inner)) + log_sum;
    return weighed(r, own, u32(label), spread);
  }
  keep_mass(r, 0.0);
  if label != p.ignored { report_fault(p.fault_code, label, p.C); }
  return vec2f();
}

fn row_start(r: u32) -> u32 {
  return p.x_offset + r / p.inner * p.C * p.inner + r % p.inner;
}
