// c[g, m, n] = sum_k a[g, m, k] b[g, k, n]
//
// With the matrix units of a GPU, where WGSL has chromium_experimental_subgroup_matrix. A workgroup computes a tile of
// TILE_M x TILE_N, DEPTH steps of k at a time: its lanes bring a slice of a and one of b into workgroup memory, each along
// the dimension in which memory is contiguous and with zeros past the edges, and the next slices are on their way
// meanwhile, in registers. From there each subgroup multiplies a quarter of the tile, ROWS x COLUMNS matrices; fewer than
// four subgroups take turns, more help to load. Results go through workgroup memory, because only there is it known which
// element is where. The text of a step is written by the launcher (src/kernels/matmul/subgroup-matrix.ts). Sums are in
// float32, in the order of k up to MATRIX_K.
//   binding 0     a  [.., M, K]          read
//           1     b  [.., K, N]          read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { M: u32, N: u32, K: u32, batches: u32, a_m: u32, a_k: u32, b_k: u32, b_n: u32, a_offset: u32, b_offset: u32, a_batch: u32, b_batch: u32 }
override MATRIX_M: u32 = 8;
override MATRIX_N: u32 = 8;
override MATRIX_K: u32 = 8;
override TILE_M: u32 = 64;
override TILE_N: u32 = 64;
override DEPTH: u32 = 32;
override A_ALONG_K: bool = true; // whether memory is contiguous in k
override B_ALONG_K: bool = false;
override A_RUN: u32 = 1; // elements that a lane loads at once: 4 if it loads vectors
override B_RUN: u32 = 1;
const LANES = 128u;
const PARTS = 4u;
override SPAN_M: u32 = TILE_M / 2;
override SPAN_N: u32 = TILE_N / 2;
override ROWS: u32 = SPAN_M / MATRIX_M;
override COLUMNS: u32 = SPAN_N / MATRIX_N;
override AREA: u32 = MATRIX_M * MATRIX_N;
override A_ROW: u32 = select(TILE_M, DEPTH, A_ALONG_K) + 8; // matrices have to start at multiples of 16 bytes
override B_ROW: u32 = select(TILE_N, DEPTH, B_ALONG_K) + 8;
override A_SIZE: u32 = A_ROW * select(DEPTH, TILE_M, A_ALONG_K);
override B_SIZE: u32 = B_ROW * select(DEPTH, TILE_N, B_ALONG_K);
alias A = f16;
alias B = f16;
alias T = f16;
alias S = f16; // of the slices
alias Left = subgroup_matrix_left<f16, 8, 8>;
alias Right = subgroup_matrix_right<f16, 8, 8>;
alias Sums = subgroup_matrix_result<f32, 8, 8>;
var<storage, read> a: array<A>;
var<storage, read> b: array<B>;

var<workgroup> a_slice: array<S, A_SIZE>;
var<workgroup> b_slice: array<S, B_SIZE>;
var<workgroup> results: array<f32, PARTS * AREA>;

#slot readers
#slot part
#slot epilogue

// The place of a lane's load i in a slice of `size` x DEPTH: its outer index and its k.
fn place(i: u32, size: u32, run: u32, along_k: bool) -> vec2u {
  return select(vec2u(i % (size / run) * run, i / (size / run)), vec2u(i / (DEPTH / run), i % (DEPTH / run) * run), along_k);
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32, @builtin(subgroup_id) subgroup: u32,
        @builtin(subgroup_size) subgroup_size: u32) {
  let w = workgroup_index(group, groups);
  let across = (p.N + TILE_N - 1) / TILE_N;
  let down = (p.M + TILE_M - 1) / TILE_M;
  let g = w / (across * down);
  let m = (w / across) % down * TILE_M;
  let n = w % across * TILE_N;
  let range = k_range(g);
  if range.x >= range.y { return; } // the same for the whole workgroup, so the barriers below stay uniform
  let start = batch_start(g);

  #slot places
  let subgroups = min(LANES / subgroup_size, PARTS); // that multiply
  for (var first = 0u; first < PARTS; first += subgroups) {
    let row = (first + subgroup) / 2 * SPAN_M;
    let column = (first + subgroup) % 2 * SPAN_N;
    #slot sums
    var k = range.x;
    #slot load
    while k < range.y {
      workgroupBarrier(); // the slices before these have been used
      #slot store
      workgroupBarrier();
      k += DEPTH;
      #slot prefetch
      if subgroup < subgroups {
        for (var i = 0u; i < DEPTH; i += MATRIX_K) {
          #slot step
        }
      }
    }

    // The epilogue once, in a loop that compilers cannot unroll: they do not know that sizes are below 2^31.
    let matrices = ROWS * COLUMNS + (p.N >> 31);
    for (var i = 0u; i < matrices; i++) {
      workgroupBarrier(); // the results before these have been stored
      if subgroup < subgroups {
        switch i {
          #slot collect
          default: {}
        }
      }
      workgroupBarrier();
      for (var e = lane; e < subgroups * AREA; e += LANES) {
        let part = first + e / AREA;
        let c_m = m + part / 2 * SPAN_M + i / COLUMNS * MATRIX_M + e % AREA / MATRIX_N;
        let c_n = n + part % 2 * SPAN_N + i % COLUMNS * MATRIX_N + e % MATRIX_N;
        if c_m < p.M && c_n < p.N { epilogue((g * p.M + c_m) * p.N + c_n, T(results[e])); }
      }
    }
  }
}
