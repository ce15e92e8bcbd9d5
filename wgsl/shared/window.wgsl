// Windows of pooling.

// Rows top, top + dilation ... below bottom, and columns likewise, all inside the input.
struct Window { top: i32, left: i32, bottom: i32, right: i32 }

fn window_at(oh: u32, ow: u32) -> Window {
  let top = i32(oh * p.stride_h) - i32(p.pad_h);
  let left = i32(ow * p.stride_w) - i32(p.pad_w);
  let dh = i32(p.dilation_h);
  let dw = i32(p.dilation_w);
  let bottom = min(top + (i32(p.kernel_h) - 1) * dh + 1, i32(p.IH));
  let right = min(left + (i32(p.kernel_w) - 1) * dw + 1, i32(p.IW));
  return Window(first_inside(top, dh), first_inside(left, dw), bottom, right);
}

fn first_inside(start: i32, step: i32) -> i32 {
  return select(start, start + (step - 1 - start) / step * step, start < 0);
}

// The windows, along one dimension, that reach position i: from .x up to and without .y. Others may be among them where
// the dilation is not 1.
fn windows_over(i: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, count: u32) -> vec2u {
  let reach = (kernel - 1) * dilation;
  let first = select(0u, (i + pad - reach + stride - 1) / stride, i + pad > reach);
  return vec2u(first, min((i + pad) / stride + 1, count));
}
