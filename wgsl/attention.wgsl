// Attention without its matrix of weights in memory (Dao et al., "FlashAttention", 2022, algorithm 1):
//   s[r, c] = scale q[r] . k[c] + mask[r, c]      y[r] = sum_c exp(s[r, c] - m[r]) v[c] / l[r]
// where dropout multiplies v[c] by a factor of its own for each r and c (shared/attention-dropout), and
//   m[r] = max_c s[r, c],  l[r] = sum_c exp(s[r, c] - m[r]),  and for the derivative log_sum[r] = m[r] + log l[r]
//
// A group of LANES lanes (a workgroup and a subgroup of its own, or a single lane) takes ROWS rows of q and goes through the columns in
// tiles of 4 LANES: lane i holds columns 4 i to 4 i + 3 of the tile in one vector per row, and every LANES-th vector of
// the rows of y. Rows of q and the weights are passed round between lanes, so that no lane reads what another has. What
// was summed up with an earlier maximum is scaled down when a larger one is met. The launcher (attention-text.ts) writes
// what is repeated for each row. Sums are in float32.
//   binding 0     q     [.., rows, E]      read
//           1     k     [.., columns, E]   read
//           2     v     [.., columns, V]   read
//           3     y     [.., rows, V]      write
//           4     stats [2, .., rows]      write: log_sum first
//           5     mask  [.., rows, columns], where there is one
#import shared/grid
#import shared/math
struct Params { groups: u32, heads: u32, rows: u32, columns: u32, E: u32, V: u32, reach: u32, scale: f32, masked: f32, a_offset: u32, a_batch: u32, a_head: u32, a_row: u32, b_offset: u32, b_batch: u32, b_head: u32, b_row: u32, m_offset: u32, m_batch: u32, m_head: u32, m_row: u32, y_offset: u32, y_batch: u32, y_head: u32, y_row: u32 }
alias S = f32;
var<storage, read> q: array<vec4<S>>;
var<storage, read> k: array<vec4<S>>;
var<storage, read> v: array<vec4<S>>;
var<storage, read_write> y: array<vec4<S>>;
var<storage, read_write> stats: array<f32>;

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
  let m_at = p.m_offset + batch * p.m_batch + head * p.m_head;
  #slot declarations
  let end = select(p.columns, min(p.columns, row + ROWS), p.reach == 1);
  for (var first = 0u; first < end; first += 4 * LANES) {
    let column = first + 4 * lane;
    #slot scores
    #slot weights
    #slot products
  }
  #slot sums
  // The results one row after the other, the others moving up: so there is one place that stores.
  let y_at = p.y_offset + batch * p.y_batch + head * p.y_head;
  for (var r = row; r < min(row + ROWS, p.rows); r++) {
    #slot store
  }
}
