// Rows of cross-entropy: where they are, and the loss of one.
#import shared/math
#import shared/fault

// The loss of a row and 1, or zeros if it does not count. Keeps what the derivative needs.
fn settle(r: u32, m: f32, log_sum: f32) -> vec2f {
  out[p.m_offset + r] = m;
  out[p.log_sum_offset + r] = log_sum;
  let label = labels[p.labels_offset + r];
  if label == p.ignored { return vec2f(); }
  if label < 0 || label >= i32(p.C) {
    report_fault(p.fault_code, label, p.C);
    return vec2f();
  }
  return vec2f((m - f32(x[row_start(r) + u32(label) * p.inner])) + log_sum, 1.0);
}

fn row_start(r: u32) -> u32 {
  return p.x_offset + r / p.inner * p.C * p.inner + r % p.inner;
}

// The larger one, or NaN if there is one.
fn larger(a: f32, b: f32) -> f32 {
  return select(b, a, a > b || is_nan(a));
}
