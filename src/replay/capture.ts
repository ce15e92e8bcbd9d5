// Capturing a step: it runs once more, and what it does is recorded.

import { isGradEnabled } from "../autograd/modes.js";
import { inScope } from "../autograd/scope.js";
import { nextVariable, observingGrads, type Variable } from "../autograd/variable.js";
import { observingDraws } from "../core/philox.js";
import { NDArray } from "../kernels/array.js";
import { nextArray } from "../kernels/array-life.js";
import type { Device } from "../runtime/device.js";
import { Recording, recording, unrecorded, type Watch, watching } from "../runtime/recording.js";
import { Reserve } from "../runtime/reserve.js";
import { nextStorage, Storage } from "../runtime/storage.js";
import { observingTensors } from "../tensor/base.js";
import { make, type Tensor } from "../tensor/tensor.js";
import { planGradients } from "./gradients.js";
import { planRandom } from "./random.js";
import { Replay } from "./replay.js";
import { type Template, takeApart } from "./results.js";
import { withTensors } from "./signature.js";

/** How a tensor of a step can outlive it. */
export const ADVICE = "return it from the compiled function, which gives back everything else it makes";

export type Step = (...args: never) => unknown;

/** Runs a step that is only watched. Its tensors are given back, but for those it returns. */
export function rehearse(step: Step, args: readonly unknown[], refuse: Watch["refuse"]): [Template, Tensor[]] {
  return watching({ recording: undefined, refuse }, () => run(step, args, () => undefined));
}

/** Runs and records a step. */
export function capture(
  step: Step,
  args: readonly unknown[],
  inputs: readonly Tensor[],
  device: Device,
  refuse: Watch["refuse"],
): { replay: Replay; template: Template; results: Tensor[] } {
  const reserve = new Reserve(device.pool);
  const [firstStorage, firstArray, firstVariable] = [nextStorage(), nextArray(), nextVariable()];
  const proxies = inputs.map(standIn(device));
  const originals = new Map(proxies.map((proxy, i) => [storageOf(proxy), storageOf(inputs[i]!)]));
  const own = new Recording(reserve, firstStorage, firstArray, originals);
  try {
    const external = new Map<Tensor, Variable | undefined>();
    const [[[[template, results], leaves], draws]] = [
      observingDraws(() =>
        observingGrads(() =>
          observingTensors(
            (tensor, array) => meet(tensor, array, external, firstVariable, refuse),
            () =>
              watching({ recording: own, refuse }, () => {
                const queue = [...proxies];
                return run(step, withTensors(args, () => queue.shift()!) as readonly unknown[], realizeAll);
              }),
          ),
        ),
      ),
    ];
    for (const [tensor, variable] of external) own.guards.push(() => tensor.variable === variable);
    const redraw = planRandom(own, draws);
    const gradients = planGradients(
      [...leaves].filter(([{ id }]) => id < firstVariable),
      own,
    );
    const blocks = proxies.map(({ array }) => array.block);
    const replay = new Replay(device, own, { inputs: blocks, results, gradients, redraw });
    return { replay, template, results: results.map((result) => replay.owned(result, inputs, proxies)) };
  } catch (error) {
    reserve.close();
    for (const block of own.pinned) device.pool.drop(block);
    throw error;
  } finally {
    for (const proxy of proxies) proxy.dispose();
  }
}

/** Runs a step in a scope of its own. What it returns has no history. */
function run(step: Step, args: readonly unknown[], finish: (tensors: readonly Tensor[]) => void): [Template, Tensor[]] {
  return inScope((scope) => {
    const tensors: Tensor[] = [];
    const template = takeApart(step(...(args as never)), tensors);
    finish(tensors);
    return [template, scope.keep(tensors.map(({ array }) => make(array.retain(), undefined, "compile")))];
  }, ADVICE);
}

function realizeAll(tensors: readonly Tensor[]): void {
  for (const { array } of tensors) void array.block;
}

/** Called with each tensor that a step uses: those it did not make are computed apart from it. */
function meet(
  tensor: Tensor,
  array: NDArray,
  external: Map<Tensor, Variable | undefined>,
  firstVariable: number,
  refuse: Watch["refuse"],
): void {
  const step = recording();
  if (step === undefined || external.has(tensor)) return;
  const { node, id = 0 } = tensor.variable ?? {};
  if (array.id >= step.firstArray || (node !== undefined && id >= firstVariable)) return; // or a view that is all of another
  unrecorded(() => {
    external.set(tensor, undefined);
    external.set(tensor, tensor.variable);
    if (!array.isUniform) array.realize();
  });
  if (isGradEnabled() && node !== undefined) {
    refuse(`uses a tensor of a tape from outside (made by ${tensor.madeBy})`, "detach() it");
  }
}

/** Tensors over the memory of inputs, in blocks of their own, so that it shows which commands use an input. */
function standIn(device: Device): (input: Tensor) => Tensor {
  const aliases = new Map<unknown, Storage>();
  return ({ array }) => {
    const { storage, layout } = array.realize();
    let alias = aliases.get(storage);
    if (alias === undefined) {
      alias = Storage.at(device, device.pool.alias(storage.block), storage.bytes);
      alias.byteOffset = storage.byteOffset;
      aliases.set(storage, alias);
    } else alias.retain();
    return make(NDArray.over(alias, array.dtype, layout), undefined, "an argument");
  };
}

export function storageOf({ array }: Tensor): Storage {
  return array.realize().storage;
}
