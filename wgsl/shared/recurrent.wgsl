// Where the elements of one step of a recurrent layer lie. A step covers [D, B, H]: of each direction d and sample b, H
// units (or vectors of four). The second direction is at another time than the first. Buffers over all times have rows
// (time, sample, direction), of which times and samples are `time_stride` and `batch_stride` apart.
struct Place {
  unit: u32,
  state: u32,    // row of [D, B, ...]
  row: u32,      // row over all times
  previous: u32, // the row of the step before
}

fn place_of(e: u32) -> Place {
  let state = e / p.H;
  let d = state / p.B;
  let step = p.time_stride * p.D;
  let time = select(p.first_time, p.second_time, d == 1);
  let row = time * step + (state - d * p.B) * p.batch_stride * p.D + d;
  return Place(e - state * p.H, state, row, select(row - step, row + step, d == 1));
}
