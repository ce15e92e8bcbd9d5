// c[g, m, n] = sum_k a[g, m, k] b[g, k, n]
//
// One lane computes an 8 x 4 tile of c and keeps it in registers; a workgroup of 8 x 8 lanes covers 64 x 32. Lanes read
// a and b straight from storage in 4 x 4 blocks, as four vectors along whichever dimension is contiguous (`a_block` and
// `b_block` are written by the launcher for the operands' layouts). Blocks past the edge repeat the last rows, and what
// is computed from them is not stored. Sums are in float32, in the order of k.
//   binding 0     a  [.., M, K]          read
//           1     b  [.., K, N]          read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { M: u32, N: u32, K: u32, batches: u32, a_m: u32, a_k: u32, b_k: u32, b_n: u32, a_offset: u32, b_offset: u32, a_batch: u32, b_batch: u32 }
override IS_BLOCKWISE: bool = true; // false where neither operand has vectors to read: blocks would only be more code
alias A = vec4<f32>;
alias B = vec4<f32>;
alias T = f32;
var<storage, read> a: array<A>;
var<storage, read> b: array<B>;

#slot blocks
#slot part
#slot epilogue

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let w = workgroup_index(group, groups);
  let across = (p.N + 31) / 32;
  let down = (p.M + 63) / 64;
  let g = w / (across * down);
  let m = (w / across) % down * 64 + lane / 8 * 8;
  let n = w % across * 32 + lane % 8 * 4;
  let range = k_range(g);
  if range.x >= range.y || m >= p.M || n >= p.N { return; }
  let start = batch_start(g);

  var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
  var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
  var k = range.x;
  for (; IS_BLOCKWISE && k + 4 <= range.y; k += 4) {
    let bs = b_block(start.y, k, n);   // [k .. k + 3][n .. n + 3]
    let low = a_block(start.x, m, k);  // [m .. m + 3][k .. k + 3]
    c0 += bs * low[0]; c1 += bs * low[1]; c2 += bs * low[2]; c3 += bs * low[3];
    let high = a_block(start.x, m + 4, k);
    c4 += bs * high[0]; c5 += bs * high[1]; c6 += bs * high[2]; c7 += bs * high[3];
  }
  for (; k < range.y; k++) {
    let row = b_row(start.y, k, n);
    let low = a_column(start.x, m, k);
    c0 += row * low.x; c1 += row * low.y; c2 += row * low.z; c3 += row * low.w;
    let high = a_column(start.x, m + 4, k);
    c4 += row * high.x; c5 += row * high.y; c6 += row * high.z; c7 += row * high.w;
  }

  // The epilogue once, in a loop: with 32 copies of a long one, some compilers take seconds. They would unroll it, but
  // cannot know that sizes are below 2^31, so that the shifted ones are 0.
  let rows = min(8 + (p.M >> 31), p.M - m);
  let columns = min(4 + (p.N >> 31), p.N - n);
  for (var i = 0u; i < rows; i++) {
    var row = c0;
    switch i {
      case 1: { row = c1; }
      case 2: { row = c2; }
      case 3: { row = c3; }
      case 4: { row = c4; }
      case 5: { row = c5; }
      case 6: { row = c6; }
      case 7: { row = c7; }
      default: {}
    }
    let at = (g * p.M + m + i) * p.N + n;
    for (var j = 0u; j < columns; j++) { epilogue(at + j, T(row[j])); }
  }
}
