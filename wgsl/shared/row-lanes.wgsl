// Rows whose LANES lanes share their results: in a tree in workgroup memory, or, with one lane per row, not at all.
// `lane` counts all lanes of the workgroup, LANES for each of its ROWS rows.
override LANES: u32 = 64; // a power of two
override ROWS: u32 = 1;
var<workgroup> strands: array<f32, LANES * ROWS>;

fn sum_over_row(value: f32, lane: u32) -> f32 {
  if LANES == 1 { return value; }
  workgroupBarrier(); // results before this one have been read
  strands[lane] = value;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane % LANES < half { strands[lane] += strands[lane + half]; }
  }
  workgroupBarrier();
  return strands[lane - lane % LANES];
}

// Where there is a NaN, any of the values.
fn max_over_row(value: f32, lane: u32) -> f32 {
  if LANES == 1 { return value; }
  workgroupBarrier();
  strands[lane] = value;
  for (var half = LANES / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane % LANES < half { strands[lane] = max(strands[lane], strands[lane + half]); }
  }
  workgroupBarrier();
  return strands[lane - lane % LANES];
}
