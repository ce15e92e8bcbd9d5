// Checkpointing: memory for time.

import { isGradEnabled } from "../autograd/modes.js";
import { Recomputation } from "../autograd/recomputation.js";
import { inScope } from "../autograd/scope.js";
import { AutogradError } from "../core/errors.js";
import { observingDraws, repeatingDraws } from "../core/philox.js";
import { TensorBase } from "./base.js";
import { make, type Tensor } from "./tensor.js";

/**
 * fn(...inputs), whose intermediate results are not kept for backward() but computed again then, with the same random
 * numbers: memory for one more forward pass. As PyTorch's torch.utils.checkpoint with use_reentrant=False; derivatives of
 * any order, and of tensors that fn finds elsewhere, such as a module's parameters.
 *
 *     const h = autograd.checkpoint((x) => block.forward(x), x);
 *
 * fn must compute the same the second time. What it changes (running statistics) is changed twice. Tensors that it makes
 * are disposed, apart from those it returns.
 *
 * @throws AutogradError in backward, if fn saves other shapes the second time, or an input was changed in place since
 */
export function checkpoint<Inputs extends readonly unknown[], Result extends Tensor | readonly Tensor[]>(
  fn: (...inputs: Inputs) => Result,
  ...inputs: Inputs
): Result {
  if (!isGradEnabled()) return fn(...inputs);
  const held = inputs.map(hold);
  let draws: Parameters<typeof repeatingDraws>[0] = new Map();
  const recomputation = new Recomputation(
    () => repeatingDraws(draws, () => void fn(...(held.map(({ open }) => open()) as unknown as Inputs))),
    () => held.forEach(({ release }) => release()),
  );
  return recomputation.first(() =>
    inScope((scope) => {
      const [result, before] = observingDraws(() => fn(...inputs));
      if (result instanceof Promise)
        throw new AutogradError("checkpoint", "the function is asynchronous; it must return tensors, not a promise");
      draws = before;
      return scope.keep(result);
    }),
  );
}

/** An input as it is now: tensors by their array, which stays until it is released. */
function hold(input: unknown, i: number): { readonly open: () => unknown; readonly release: () => void } {
  if (!(input instanceof TensorBase)) return { open: () => input, release: () => {} };
  const { array, variable } = input;
  const { version } = array;
  array.retain();
  return {
    open: () => {
      if (array.version === version) return make(array.retain(), variable, "checkpoint");
      const problem = `input ${i} was changed in place since (version ${array.version} instead of ${version})`;
      throw new AutogradError("checkpoint", `${problem}; use the operation without "_", or clone() it before`);
    },
    release: () => array.release(),
  };
}
