// Connectionist temporal classification: the table of its recursion, and the derivative from that.

import { dtypes } from "../core/dtype.js";
import { formatShape } from "../core/errors.js";
import { NDArray } from "./array.js";
import { kernelSource } from "./source.js";
import ctcLossWgsl from "./wgsl/ctc-loss.js";
import ctcLossGradientWgsl from "./wgsl/ctc-loss-gradient.js";

export interface CtcProblem {
  /** [T, N, C] */
  readonly logProbs: NDArray;
  /** int32, [N, S] or all in one row */
  readonly targets: NDArray;
  /** int32 [3, N]: how long inputs and targets are, and where targets start. */
  readonly lengths: NDArray;
  readonly blank: number;
  /** 2 S + 1: positions of the longest target there may be, with the blanks around its labels. */
  readonly positions: number;
}

/** [N, T P + 1]: alpha, and the loss. */
export function ctcLoss({ logProbs, targets, lengths, blank, positions: P }: CtcProblem): NDArray {
  const { device, dtype } = logProbs;
  const [T, N, C] = logProbs.shape as [number, number, number];
  const table = NDArray.empty("float32", [N, T * P + 1], device);
  if (N === 0) return table;
  const [xs, ts, ls] = [logProbs.contiguous(), targets.contiguous(), lengths.contiguous()];
  const kernel = device.kernel(`ctc-loss ${dtype}`, () =>
    kernelSource(ctcLossWgsl, { types: { S: dtypes[dtype].stored } }),
  );
  const code = device.faults.indexCode(`ctcLoss of log-probabilities ${formatShape(logProbs.shape)}`);
  const params = [T, N, C, P, blank, xs.start, ts.start, ls.start, table.start, code];
  device.launch(kernel, params, [xs.block, ts.block, ls.block, table.block, device.faults.block], N);
  return table;
}

/** dL/dlogProbs in float32, from the table and dL/dloss. */
export function ctcLossGradient(problem: CtcProblem, table: NDArray, dy: NDArray, zeroInfinity: boolean): NDArray {
  const { logProbs, targets, lengths, blank, positions: P } = problem;
  const { device, dtype } = logProbs;
  const [T, N, C] = logProbs.shape as [number, number, number];
  const [dx, beta] = NDArray.emptySideBySide("float32", [logProbs.shape, [N, 2, P]], device) as [NDArray, NDArray];
  if (N === 0 || T === 0) return dx;
  const [xs, ts, ls, gs, as] = [logProbs, targets, lengths, dy, table].map((array) => array.contiguous()) as [
    NDArray,
    NDArray,
    NDArray,
    NDArray,
    NDArray,
  ];
  const kernel = device.kernel(`ctc-loss-gradient ${dtype}`, () =>
    kernelSource(ctcLossGradientWgsl, { types: { S: dtypes[dtype].stored } }),
  );
  const code = device.faults.indexCode(`ctcLoss of log-probabilities ${formatShape(logProbs.shape)}`);
  const offsets = [xs.start, ts.start, ls.start, as.start, gs.start, dx.start, beta.start];
  const params = [T, N, C, P, blank, ...offsets, Number(zeroInfinity), code];
  const blocks = [xs.block, ts.block, ls.block, as.block, gs.block, dx.block, device.faults.block];
  device.launch(kernel, params, blocks, N);
  return dx;
}
