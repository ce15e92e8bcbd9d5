// y[r, d] = combine of row r's elements up to d (inclusive) or before d (exclusive), in order or from the end
//
// Row r = (o, i) has its D elements I apart. It is cut into segments of LANES * run elements, one workgroup each (or, with
// LANES = 1, one lane each of ROWS rows side by side). A lane combines its run, the lanes' results are scanned in workgroup
// memory, and each lane goes through its run again. Rows of several segments take three launches: IS_TOTAL stores what
// each segment combines to, a scan of those is the carry, and the last launch starts from it. `combine` need not commute. A
// result is start + (run so far), never a long chain, so a sum of many small numbers does not get stuck.
//   bindings: y, results [rows of D] or totals [O, segments, I]; operands of load and carry
#import shared/grid
struct Params { rows: u32, D: u32, I: u32, segments: u32, run: u32, reverse: u32, exclusive: u32, size: u32, identity: u32, a_offset: u32, b_offset: u32 }
alias T = f32; // a state
alias Y = f32; // as it is stored
var<storage, read_write> y: array<Y>;
override LANES: u32 = 64; // a power of two
override ROWS: u32 = 1; // per workgroup
override IS_TOTAL: bool = false;
var<workgroup> strands: array<T, LANES * ROWS>;
var<private> row: u32; // where the row begins in an operand with p.size elements per row

#slot identity
#slot combine
#slot load
#slot carried
#slot finish

@compute @workgroup_size(LANES, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first = workgroup_index(group, groups) * ROWS;
  if first >= p.rows * p.segments { return; } // the whole workgroup, so the barriers below stay uniform
  let item = min(first + local.y, p.rows * p.segments - 1); // lanes past the end repeat the last item and store the same
  let r = item % p.rows;
  let segment = item / p.rows;
  let o = r / p.I;
  let i = r % p.I;
  row = o * p.size * p.I + i;
  let base = o * p.D * p.I + i;
  let lane = local.x;
  let from_ = segment * LANES * p.run + lane * p.run;
  let to = min(from_ + p.run, p.D);

  var start = identity();
  if LANES > 1 || IS_TOTAL {
    let at = local.y * LANES + lane;
    var total = identity();
    for (var e = from_; e < to; e++) { total = combine(total, load(base + element(e) * p.I, e)); }
    strands[at] = total;
    for (var step = 1u; step < LANES; step *= 2u) {
      workgroupBarrier();
      let before = strands[at - min(step, lane)];
      workgroupBarrier();
      if lane >= step { strands[at] = combine(before, strands[at]); }
    }
    workgroupBarrier();
    if IS_TOTAL {
      if lane == LANES - 1 { store((o * p.segments + segment) * p.I + i, strands[at]); }
      return;
    }
    if lane > 0 { start = strands[at - 1]; }
  }
  if segment > 0 { start = combine(carried((o * p.segments + segment - 1) * p.I + i), start); }

  var so_far = identity();
  for (var e = from_; e < to; e++) {
    let at = base + element(e) * p.I;
    let own = load(at, e);
    if p.exclusive == 0 { so_far = combine(so_far, own); }
    store(at, combine(start, so_far));
    if p.exclusive != 0 { so_far = combine(so_far, own); }
  }
}

fn element(e: u32) -> u32 {
  return select(e, p.D - 1 - e, p.reverse != 0);
}
