// Connectionist temporal classification.

import { defineOp } from "../autograd/op.js";
import { AutogradError } from "../core/errors.js";
import { ctcLossGradient as launchGradient, ctcLoss as launchLoss } from "../kernels/ctc-loss.js";
import { cast } from "./cast.js";

interface CtcAttributes {
  readonly blank: number;
  /** 2 S + 1 for targets of at most S labels. */
  readonly positions: number;
}

/** The table of the recursion, [N, T P + 1], whose last column is the loss; not differentiable by itself. */
export const ctcTable = defineOp({
  name: "ctcLoss",
  inputs: ["logProbs", "targets", "lengths"],
  shape: ({ logProbs }, { positions }: CtcAttributes) => {
    const [T, N] = logProbs.shape as [number, number];
    return { shape: [N, T * positions + 1], dtype: "float32" };
  },
  forward: (inputs, attributes) => launchLoss({ ...inputs, ...attributes }),
});

const ONCE = "has no second derivative; leave out createGraph, or compose the loss from other operations";

/** dL/dlogProbs from dL/dloss. It cannot be differentiated again, and says so. */
export const ctcLossGradient = defineOp({
  name: "ctcLossGradient",
  inputs: ["logProbs", "targets", "lengths", "table", "dy"],
  shape: ({ logProbs }, _: CtcAttributes & { readonly zeroInfinity: boolean }) => logProbs,
  forward: ({ table, dy, ...inputs }, { zeroInfinity, ...attributes }, output) => {
    const asFloat32 = { shape: dy.shape, dtype: "float32" } as const;
    const dys = dy.dtype === "float32" ? dy : cast.forward([dy], "float32", [asFloat32]).outputs[0]!;
    const dx = launchGradient({ ...inputs, ...attributes }, table, dys, zeroInfinity);
    return output.dtype === "float32" ? dx : cast.forward([dx], output.dtype, [output]).outputs[0]!;
  },
  backward: {
    logProbs: () => {
      throw new AutogradError("ctcLoss", ONCE);
    },
    dy: () => {
      throw new AutogradError("ctcLoss", ONCE);
    },
  },
});
