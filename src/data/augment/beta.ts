// Random numbers of the beta distribution, made on the GPU: a replayed step draws new ones.

import { OutOfRangeError } from "../../core/errors.js";
import type { Generator } from "../../core/philox.js";
import type { Shape } from "../../core/shape.js";
import { full } from "../../tensor/create.js";
import { rand, randn } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Candidates for each number. One is accepted with probability 0.95 or more, so that none is once in 10^41 times. */
const CANDIDATES = 32;

/**
 * Beta(alpha, alpha): float32 in [0, 1], mean 1/2, variance 1 / (8 alpha + 4); 1 for alpha = 0, as mixup has it.
 *
 * Of two gamma variates x and y, x / (x + y) is beta distributed. It is computed as sigmoid(log x - log y), since both
 * underflow for small alpha.
 *
 * @throws OutOfRangeError unless alpha is a finite number from 0 on
 */
export function sampleBeta(op: string, alpha: number, shape: Shape, generator?: Generator): Tensor {
  if (!(alpha >= 0 && alpha < Infinity)) {
    throw new OutOfRangeError(op, `alpha must be a number from 0 on, got ${alpha}`);
  }
  if (alpha === 0) return full(shape, 1, { dtype: "float32" });
  const logs = logGamma(alpha, [2, ...shape], generator && { generator });
  return logs.select(0, 0).sub(logs.select(0, 1)).sigmoid();
}

/**
 * Logarithms of gamma variates, by rejection (Marsaglia and Tsang 2000): d v with d = a - 1/3, v = (1 + x / sqrt(9 d))^3
 * and x normal, accepted if log u < x^2 / 2 + d - d v + d log v. For alpha < 1, gamma(alpha) is gamma(alpha + 1) u^(1 / alpha).
 */
function logGamma(alpha: number, shape: Shape, options?: { readonly generator: Generator }): Tensor {
  const d = (alpha < 1 ? alpha + 1 : alpha) - 1 / 3;
  const x = randn([...shape, CANDIDATES], options);
  const logU = rand([...shape, CANDIDATES], options)
    .neg()
    .add(1)
    .log(); // of (0, 1]
  const root = x.mul(1 / Math.sqrt(9 * d)).add(1);
  const logV = root.clamp({ min: 1e-30 }).log().mul(3);
  const bound = x.square().mul(0.5).add(d).sub(logV.exp().mul(d)).add(logV.mul(d));
  const accepted = root.gt(0).logicalAnd(logU.lt(bound));
  const first = accepted.to("int32").argmax(-1, { keepdim: true });
  const log = logV.gather(-1, first).squeeze(-1).add(Math.log(d));
  return alpha < 1 ? log.add(rand(shape, options).neg().add(1).log().div(alpha)) : log;
}
