// The gradients of a recurrent layer as functions of its operands that can be differentiated again: the layer composed
// step by step, played back with its own backward pass recorded.

import { playBack } from "../autograd/tape.js";
import type { RecurrentAttributes } from "../kernels/recurrent.js";
import { linear } from "../ops/matmul.js";
import { cat } from "../ops/shape.js";
import { apply, factory } from "./construct.js";
import type { Tensor } from "./tensor.js";

export interface RecurrentInputs {
  /** What the input's part of the gates was computed from: x is linear(input, weightIh, biasIh). */
  readonly input: Tensor;
  readonly weightIh: Tensor;
  readonly biasIh: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly projection: Tensor;
  readonly h0: Tensor;
  readonly c0: Tensor;
}

/** dL/d(x, weight, bias, projection, h0, c0), those that are needed, from dL/d(output, hn, cn). */
export function recurrentGradientsAgain(
  { input, weightIh, biasIh, weight, bias, projection, h0, c0 }: RecurrentInputs,
  dys: readonly Tensor[],
  needs: readonly boolean[],
  attributes: RecurrentAttributes,
): (Tensor | undefined)[] {
  const x = biasIh.ndim === 0 ? input.matmul(weightIh.T) : apply(linear, [input, weightIh, biasIh]);
  // Clones, so that gradients end here rather than where one operand was computed from another.
  const operands = [x, weight, bias, projection, h0, c0].map((operand, i) => (needs[i] ? operand.clone() : operand));
  const results = composed(operands as Operands, attributes);
  const roots = results.flatMap(({ variable }, i) => (variable ? { variable, grad: dys[i]! } : []));
  const wanted = operands.flatMap(({ variable }, i) => (needs[i] && variable ? variable : []));
  const found = playBack(roots, wanted, { createGraph: true }, factory);
  return operands.map(({ variable }, i) => (needs[i] && variable ? found.get(variable) : undefined));
}

type Operands = [x: Tensor, weight: Tensor, bias: Tensor, projection: Tensor, h0: Tensor, c0: Tensor];

function composed(
  [x, weight, bias, projection, h0, c0]: Operands,
  { cell, batchFirst, isProjected }: RecurrentAttributes,
): Tensor[] {
  const [D, GH] = weight.shape as [number, number];
  const timeDim = batchFirst ? 1 : 0;
  const T = x.shape[timeDim]!;
  const ends = Array.from({ length: D }, (_, d) => {
    const ys: Tensor[] = [];
    let h = h0.select(0, d);
    let c = cell === "lstm" ? c0.select(0, d) : c0;
    for (let s = 0; s < T; s++) {
      const given = x.select(timeDim, d === 0 ? s : T - 1 - s).narrow(-1, d * GH, GH);
      const product = h.matmul(weight.select(0, d).T);
      if (cell === "lstm") {
        const [i, f, g, o] = given.add(product).chunk(4, -1) as [Tensor, Tensor, Tensor, Tensor];
        c = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
        h = o.sigmoid().mul(c.tanh());
        if (isProjected) h = h.matmul(projection.select(0, d).T);
      } else if (cell === "gru") {
        const [xr, xz, xn] = given.chunk(3, -1) as [Tensor, Tensor, Tensor];
        const [hr, hz, hn] = product.add(bias.select(0, d)).chunk(3, -1) as [Tensor, Tensor, Tensor];
        const z = xz.add(hz).sigmoid();
        const n = xn.add(xr.add(hr).sigmoid().mul(hn)).tanh();
        h = n.add(z.mul(h.sub(n)));
      } else {
        const sum = given.add(product);
        h = cell === "relu" ? sum.relu() : sum.tanh();
      }
      ys.push(h.unsqueeze(timeDim));
    }
    return { y: apply(cat, d === 0 ? ys : ys.reverse(), timeDim), h: h.unsqueeze(0), c: c.unsqueeze(0) };
  });
  const joined = (key: "y" | "h" | "c", dim: number): Tensor =>
    apply(
      cat,
      ends.map((end) => end[key]),
      dim,
    );
  return [joined("y", 2), joined("h", 0), ...(cell === "lstm" ? [joined("c", 0)] : [])];
}
