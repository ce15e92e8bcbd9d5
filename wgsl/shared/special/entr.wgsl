#import shared/math
// -x log(x): 0 at 0 and -infinity below it.
fn entr(x: f32) -> f32 {
  if is_nan(x) { return x; }
  if x > 0.0 { return -x * log_(x); }
  return select(-infinity_beside(x), 0.0, x == 0.0);
}
