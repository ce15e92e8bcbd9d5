// c[g, m, n] = sum_k a[g, m, k] b[g, k, n]
//
// A workgroup of SIDE x SIDE lanes computes a tile of SIDE LANE_ROWS x SIDE LANE_COLUMNS, DEPTH steps of k at a time: its
// lanes bring a slice of a and one of b into workgroup memory, each along the dimension in which memory is contiguous, and
// then each lane multiplies LANE_ROWS by LANE_COLUMNS elements from there. The next slices are on their way meanwhile, in
// registers. A lane's rows and columns come in groups of four, SIDE groups apart, so that neighbouring lanes read
// neighbouring memory. The text of a step is written by the launcher (src/kernels/matmul/shared.ts). Elements past the edge
// count as 0. Sums are in float32, in the order of k.
//   binding 0     a  [.., M, K]          read
//           1     b  [.., K, N]          read
//           2 ..  operands and results of the epilogue, and of that of the sums of a's rows, if they are wanted (`row_sums`)
#import shared/grid
struct Params { M: u32, N: u32, K: u32, batches: u32, a_m: u32, a_k: u32, b_k: u32, b_n: u32, a_offset: u32, b_offset: u32, a_batch: u32, b_batch: u32 }
override SIDE: u32 = 16;
override LANE_ROWS: u32 = 4;
override LANE_COLUMNS: u32 = 4;
override DEPTH: u32 = 16;
override A_ALONG_K: bool = true; // whether neighbouring lanes load elements that are neighbours in k
override B_ALONG_K: bool = false;
override TILE_M: u32 = SIDE * LANE_ROWS;
override TILE_N: u32 = SIDE * LANE_COLUMNS;
override LANES: u32 = SIDE * SIDE;
override A_ROW: u32 = TILE_M + 4; // slices are stored by k; the gap spreads a column over the banks of memory
override B_ROW: u32 = TILE_N + 4;
alias A = f32;
alias B = f32;
alias T = f32;
var<storage, read> a: array<A>;
var<storage, read> b: array<B>;

var<workgroup> a_slice: array<f32, A_ROW * DEPTH>;
var<workgroup> b_slice: array<f32, B_ROW * DEPTH>;

#slot part
#slot epilogue

// The place of load i of a lane in a slice of SIZE x DEPTH: its outer index and its k.
fn place(i: u32, size: u32, along_k: bool) -> vec2u {
  return select(vec2u(i % size, i / size), vec2u(i / DEPTH, i % DEPTH), along_k);
}

fn a_element(start: u32, m: u32, k: u32, end: u32) -> f32 {
  if m >= p.M || k >= end { return 0.0; }
  return f32(a[start + m * p.a_m + k * p.a_k]);
}

fn b_element(start: u32, n: u32, k: u32, end: u32) -> f32 {
  if n >= p.N || k >= end { return 0.0; }
  return f32(b[start + n * p.b_n + k * p.b_k]);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  let across = (p.N + TILE_N - 1) / TILE_N;
  let down = (p.M + TILE_M - 1) / TILE_M;
  let g = w / (across * down);
  let m = (w / across) % down * TILE_M;
  let n = w % across * TILE_N;
  let range = k_range(g);
  if range.x >= range.y { return; } // the same for the whole workgroup, so the barriers below stay uniform
  let start = batch_start(g);
  let row = lane / SIDE * 4;
  let column = lane % SIDE * 4;

  #slot places
  #slot sums
  var k = range.x;
  #slot load
  while k < range.y {
    workgroupBarrier(); // the slices before these have been used
    #slot store
    workgroupBarrier();
    k += DEPTH;
    #slot prefetch
    for (var i = 0u; i < DEPTH; i++) {
      #slot step
    }
  }

  // The epilogue once, in loops that compilers cannot unroll: they do not know that sizes are below 2^31.
  #slot row_sums
  #slot collect
  let vectors = LANE_COLUMNS / 4 + (p.N >> 31);
  let rows = LANE_ROWS + (p.M >> 31);
  for (var i = 0u; i < rows; i++) {
    let c_m = m + i / 4 * 4 * SIDE + row + i % 4;
    for (var v = 0u; v < vectors && c_m < p.M; v++) {
      let four = c[i * vectors + v];
      let c_n = n + v * 4 * SIDE + column;
      for (var j = 0u; j < 4 && c_n + j < p.N; j++) { epilogue((g * p.M + c_m) * p.N + c_n + j, T(four[j])); }
    }
  }
}
