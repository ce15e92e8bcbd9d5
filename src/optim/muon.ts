// Muon.

import { isTensor } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import muon from "../kernels/wgsl/optimizers/muon.js";
import type { Tensor } from "../tensor/tensor.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Muon. */
export interface MuonOptions {
  /** Learning rate. Default 1e-3. */
  readonly lr?: number;
  /** Share of the parameter taken off per lr. Default 0.1. */
  readonly weightDecay?: number;
  /** Decay of the gradient's running mean. Default 0.95. */
  readonly momentum?: number;
  /** Looks ahead along the mean (Nesterov). Default true. */
  readonly nesterov?: boolean;
  /** a, b and c of the iteration X = a X + b (X X^T) X + c (X X^T)^2 X. Default [3.4445, -4.775, 2.0315]. */
  readonly nsCoefficients?: readonly [number, number, number];
  /** The least norm that a matrix is divided by. Default 1e-7. */
  readonly eps?: number;
  /** Iterations. Default 5. */
  readonly nsSteps?: number;
  /**
   * The factor of lr for a matrix of m rows and n columns: sqrt(max(1, m / n)), or 0.2 sqrt(max(m, n)), with which AdamW's
   * lr and weightDecay fit (Liu et al., "Muon is scalable for LLM training", 2025). Default "original".
   */
  readonly adjustLrFn?: "original" | "match_rms_adamw";
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<MuonOptions> = {
  lr: 1e-3,
  weightDecay: 0.1,
  momentum: 0.95,
  nesterov: true,
  nsCoefficients: [3.4445, -4.775, 2.0315],
  eps: 1e-7,
  nsSteps: 5,
  adjustLrFn: "original",
  maximize: false,
};

const rule: Rule<Full<MuonOptions>> = {
  name: "Muon",
  kernel: muon,
  state: () => ["momentumBuffer"],
  scratch: 1,
  check({ params, lr, weightDecay, momentum, eps, nsSteps, adjustLrFn }) {
    checkNotNegative("Muon", { lr, weightDecay, momentum, eps, nsSteps });
    for (const { shape } of [...params].filter(isTensor)) {
      const fix = "give the others to AdamW";
      if (shape.length !== 2) throw new ShapeError("Muon", [shape], "only matrices can be orthogonalized", fix);
    }
    if (adjustLrFn !== "original" && adjustLrFn !== "match_rms_adamw")
      throw new TapegradError("Muon", `adjustLrFn is ${adjustLrFn}; there are "original" and "match_rms_adamw"`);
  },
  between({ nsCoefficients, nsSteps, eps, adjustLrFn }, matrices) {
    for (const { state } of matrices) {
      const update = state(1);
      const [m, n] = update.shape as [number, number];
      const factor = adjustLrFn === "original" ? Math.sqrt(Math.max(1, m / n)) : 0.2 * Math.sqrt(Math.max(m, n));
      update.copy_(orthogonalize(update, nsCoefficients, nsSteps, eps).mul(factor));
    }
  },
  launch: ({ lr, weightDecay, momentum, nesterov, maximize }, _, __, phase) => [
    phase,
    lr,
    1 - lr * weightDecay,
    momentum,
    1 - momentum,
    maximize ? -1 : 1,
    Number(nesterov),
  ],
};

/** Brings all singular values near 1, by Newton and Schulz' iteration with another polynomial. */
function orthogonalize(g: Tensor, [a, b, c]: readonly number[], steps: number, eps: number): Tensor {
  const isTall = g.shape[0]! > g.shape[1]!; // the product X X^T is to be the small one
  let x = isTall ? g.t() : g;
  x = x.div(x.norm().clampMin(eps));
  for (let step = 0; step < steps; step++) {
    const gram = x.matmul(x.t());
    const polynomial = gram.matmul(gram).mul(c!).add(gram.mul(b!));
    x = polynomial.matmul(x).add(x.mul(a!));
  }
  return isTall ? x.t() : x;
}

/**
 * w = w - lr (f u + weightDecay w), u being the running mean of the gradient with its singular values made 1, so that all
 * directions move alike, and f a factor of the matrix's shape (Jordan et al., "Muon: an optimizer for hidden layers in
 * neural networks", 2024). For the weights of hidden layers; embeddings, the last layer and biases go to AdamW. In float32,
 * where PyTorch computes u in bfloat16.
 *
 * Two launches per parameter group, and per matrix 3 nsSteps products and a few more. A learning rate that changes is
 * followed in a compiled step; nsSteps, nsCoefficients, eps and adjustLrFn are what they were when it was captured.
 */
export class Muon extends Optimizer<Full<MuonOptions>> {
  constructor(params: Params<Full<MuonOptions>>, options: MuonOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
