// What average pooling divides by: the number it was given, or the elements of the window that lie inside the input, or
// inside the padded input.
fn divisor(oh: u32, ow: u32) -> i32 {
  if p.divisor != 0 { return p.divisor; }
  if p.counts_padding == 0 {
    let window = window_at(oh, ow);
    return (window.bottom - window.top) * (window.right - window.left);
  }
  let height = min(p.kernel_h, p.IH + 2 * p.pad_h - oh * p.stride_h);
  let width = min(p.kernel_w, p.IW + 2 * p.pad_w - ow * p.stride_w);
  return i32(height * width);
}
