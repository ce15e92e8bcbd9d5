// Two of the three parts of a step of Muon (Jordan et al., 2024); between them the host orthogonalizes u, matrix by matrix.
// Phase 0, with g = sign dL/dw and rest = 1 - momentum:
//   m = momentum m + rest g
//   u = rest g + momentum m if nesterov, else m
// Phase 1:
//   w = decay w - lr u                        with decay = 1 - lr weight_decay
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m and u, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, phase: u32, lr: f32, decay: f32, momentum: f32, rest: f32, sign: f32, is_nesterov: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  if p.phase != 0 {
    w[i] = p.decay * w[i] - p.lr * state[p.stride + i];
    return;
  }
  let g = p.sign * gradient[i];
  let m = p.momentum * state[i] + p.rest * g;
  state[i] = m;
  state[p.stride + i] = select(m, p.rest * g + p.momentum * m, p.is_nesterov != 0);
}
