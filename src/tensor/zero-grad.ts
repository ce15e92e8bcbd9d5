// Clearing gradients, for modules and optimizers.

import { withGradEnabled } from "../autograd/modes.js";
import { keep } from "../autograd/scope.js";
import type { Variable } from "../autograd/variable.js";
import { checkOptions } from "../core/options.js";
import type { Tensor } from "./tensor.js";

export interface ZeroGradOptions {
  /** Whether there are no gradients any more. Default true; false writes zeros into the memory of those there are. */
  readonly setToNone?: boolean;
}

export function zeroGradients(params: Iterable<Tensor>, options: ZeroGradOptions | undefined): void {
  const { setToNone = true } = checkOptions("zeroGrad", options, ["setToNone"]);
  for (const { variable } of params) {
    if (setToNone) variable?.setGrad(undefined);
    else if (variable?.grad !== undefined) fillWithZeros(variable, variable.grad);
  }
}

function fillWithZeros(variable: Variable, grad: Tensor): void {
  if (grad.requiresGrad) variable.setGrad(grad.detach()); // it was computed under createGraph
  keep(variable.grad!);
  withGradEnabled(false, () => variable.grad!.zero_());
}
