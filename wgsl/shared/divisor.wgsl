// Elements that average pooling divides by: those of the window inside the input, or inside the padded input.
fn divisor(oh: u32, ow: u32) -> f32 {
  if p.counts_padding == 0 {
    let window = window_at(oh, ow);
    return f32((window.bottom - window.top) * (window.right - window.left));
  }
  let height = min(high(p.kernel), high(p.in_size) + 2 * high(p.pad) - oh * high(p.stride));
  let width = min(low(p.kernel), low(p.in_size) + 2 * low(p.pad) - ow * low(p.stride));
  return f32(height * width);
}
