// One of attention's three gradients, from tiles t of its matrix of weights that are computed anew:
//   p[r, c] = exp(s[r, c] - log_sum[query])                 with s as in attention.wgsl
//   dv[r] = sum_c t[r, c] dy[c],        t = p                                   rows are keys, columns are queries
//   dk[r] = sum_c t[r, c] q[c],         t = scale p (dy[c] . v[r] - delta[c])   likewise
//   dq[r] = sum_c t[r, c] k[c],         t = scale p (dy[r] . v[c] - delta[r])   rows are queries, columns are keys
// where dropout multiplies p in dv, and dy . v, by a factor for each query and key (shared/attention-dropout), and with
// delta = sum_v dy y (Dao et al., "FlashAttention", 2022, algorithm 4). One kernel for all: a and b are q and k or k
// and q, c and d are dy and v or v and dy, m is what is summed up. Rows, columns and lanes are as in attention.wgsl; each
// gradient is summed by the lanes that own it, in the order of the columns.
//   binding 0     a     [.., rows, E]      read
//           1     b     [.., columns, E]   read
//           2     c     [.., rows, V]      read
//           3     d     [.., columns, V]   read
//           4     m     [.., columns, W]   read
//           5     stats [2, .., queries]   read: log_sum, delta
//           6     y     [.., rows, W]      write: the gradient
//           7     mask  [.., rows, columns], where there is one
#import shared/grid
#import shared/math
struct Params { groups: u32, heads: u32, rows: u32, columns: u32, E: u32, C: u32, V: u32, reach: u32, scale: f32, masked: f32, has_dots: u32, query_rows: u32, queries: u32, delta_at: u32, a_offset: u32, a_batch: u32, a_head: u32, a_row: u32, b_offset: u32, b_batch: u32, b_head: u32, b_row: u32, c_offset: u32, c_batch: u32, c_head: u32, c_row: u32, d_offset: u32, d_batch: u32, d_head: u32, d_row: u32, m_offset: u32, m_batch: u32, m_head: u32, m_row: u32, y_offset: u32, y_batch: u32, y_head: u32, y_row: u32 }
alias S = f32;
var<storage, read> a: array<vec4<S>>;
var<storage, read> b: array<vec4<S>>;
var<storage, read> c: array<vec4<S>>;
var<storage, read> d: array<vec4<S>>;
var<storage, read> m: array<vec4<S>>;
var<storage, read> stats: array<f32>;
var<storage, read_write> y: array<vec4<S>>;

#slot functions

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) index: u32) {
  #slot place
  if w >= p.groups { return; }
  let blocks = (p.rows + ROWS - 1) / ROWS;
  let batch = w / blocks / p.heads;
  let head = w / blocks % p.heads;
  let row = w % blocks * ROWS;
  let a_at = p.a_offset + batch * p.a_batch + head * p.a_head;
  let b_at = p.b_offset + batch * p.b_batch + head * p.b_head;
  let c_at = p.c_offset + batch * p.c_batch + head * p.c_head;
  let d_at = p.d_offset + batch * p.d_batch + head * p.d_head;
  let m_at = p.m_offset + batch * p.m_batch + head * p.m_head;
  let stats_at = w / blocks * p.queries;
  #slot declarations
  let start = select(0u, row / (4 * LANES) * 4 * LANES, p.reach == 2);
  let end = select(p.columns, min(p.columns, row + ROWS), p.reach == 1);
  for (var first = start; first < end; first += 4 * LANES) {
    let column = first + 4 * lane;
    #slot scores
    #slot dots
    // Statistics by column, or by row: there are as many tiles' columns as rows' lanes to ask.
    var log_sum = vec4f();
    var delta = vec4f();
    for (var j = 0u; j < 4 + (p.rows >> 31); j++) {
      let at = stats_at + min(column + j, p.queries - 1);
      log_sum = vec4f(log_sum.yzw, stats[at]);
      delta = vec4f(delta.yzw, stats[p.delta_at + at]);
    }
    #slot weights
    #slot products
  }
  let y_at = p.y_offset + batch * p.y_batch + head * p.y_head;
  for (var r = row; r < min(row + ROWS, p.rows); r++) {
    #slot store
  }
}
