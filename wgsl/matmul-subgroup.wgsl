// c[g, m, n] = sum_k a[g, m, k] b[g, k, n]
//
// A workgroup is one subgroup, and computes a tile of ROWS x COLUMNS. A lane keeps COLUMNS / LANES columns of the tile in
// registers, c<row>_<vector>. For each k the lanes load a column of a together, ROWS / LANES elements each, and pass it
// round with subgroupBroadcast, and each loads its own elements of a row of b. So the subgroup loads each element once:
// loads are what software adapters pay for. The text of a step is written by the launcher (src/kernels/matmul/subgroup.ts).
// Rows and columns past the edge repeat the last ones, and what is computed from them is not stored; where only a few rows
// or columns are left for a tile, they are computed one by one (`edges`). Sums are in float32, in the order of k.
//   binding 0     a  [.., M, K]          read
//           1     b  [.., K, N]          read
//           2 ..  operands and results of the epilogue, and of that of the sums of a's rows, if they are wanted (`row_sums`)
#import shared/grid
struct Params { M: u32, N: u32, K: u32, batches: u32, a_m: u32, a_k: u32, b_k: u32, b_n: u32, a_offset: u32, b_offset: u32, a_batch: u32, b_batch: u32 }
override LANES: u32 = 4;
override ROWS: u32 = 16;
override COLUMNS: u32 = 16;
override B_RUN: u32 = 1; // columns that a lane holds side by side: 4 if it loads vectors of b
alias A = f32;
alias B = f32;
alias T = f32;
var<storage, read> a: array<A>;
var<storage, read> b: array<B>;

#slot part
#slot epilogue

fn store_element(g: u32, m: u32, n: u32, c: f32) {
  if m < p.M && n < p.N { epilogue((g * p.M + m) * p.N + n, T(c)); }
}

// Vector v of a lane whose first column is n.
fn store_vector(g: u32, m: u32, n: u32, v: u32, c: vec4f) {
  for (var j = 0u; j < 4 + (p.N >> 31); j++) {
    store_element(g, m, n + (v * 4 + j) / B_RUN * B_RUN * LANES + j % B_RUN, c[j]);
  }
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  let across = (p.N + COLUMNS - 1) / COLUMNS;
  let down = (p.M + ROWS - 1) / ROWS;
  let g = w / (across * down);
  let m = (w / across) % down * ROWS;
  let n = w % across * COLUMNS + lane * B_RUN;
  let range = k_range(g);
  if range.x >= range.y { return; } // the same for the whole workgroup, so that all lanes take part in the broadcasts
  let start = batch_start(g);

  #slot places
  #slot edges
  var a_at = start.x + range.x * p.a_k;
  var b_at = start.y + range.x * p.b_k;

  #slot sums
  for (var k = range.x; k < range.y; k++) {
    #slot step
    a_at += p.a_k;
    b_at += p.b_k;
  }

  // The epilogue once, in loops that compilers cannot unroll: they do not know that sizes are below 2^31.
  #slot row_sums
  #slot collect
  let rows = min(ROWS + (p.M >> 31), p.M - m);
  let vectors = COLUMNS / LANES / 4 + (p.N >> 31);
  for (var i = 0u; i < rows; i++) {
    for (var v = 0u; v < vectors; v++) { store_vector(g, m + i, n, v, c[i * vectors + v]); }
  }
}
