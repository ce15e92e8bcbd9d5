// An element of x, whose rows have p.IW elements, as a T; 0 outside of the row.
fn element(row: u32, at: i32) -> T {
  let is_inside = at >= 0 && at < i32(p.IW);
  return select(T(0), T(x[row + u32(clamp(at, 0, i32(p.IW) - 1))]), is_inside);
}
