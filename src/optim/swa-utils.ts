// The namespace `optim.swaUtils`: averages of weights, over the last part of a run (SWA) or fading (EMA).

import { withGradEnabled } from "../autograd/modes.js";
import { TapegradError } from "../core/errors.js";
import { Module } from "../nn/module.js";
import { Buffer } from "../nn/parameter.js";
import { zeros } from "../tensor/create.js";
import { where } from "../tensor/join.js";
import type { Tensor } from "../tensor/tensor.js";
import { tidy } from "../tensor/tidy.js";

export { SWALR, type SWALROptions } from "./schedulers/swa-lr.js";

/** The new average, from the average of `numAveraged` (shape []) values and one more. */
export type AvgFn = (averaged: Tensor, value: Tensor, numAveraged: Tensor) => Tensor;

/** The mean of all values: averaged + (value - averaged) / (numAveraged + 1). */
export function getSwaAvgFn(): AvgFn {
  return (averaged, value, numAveraged) => averaged.add(value.sub(averaged).div(numAveraged.add(1)));
}

/** An exponential moving average: decay averaged + (1 - decay) value. */
export function getEmaAvgFn(decay = 0.999): AvgFn {
  if (!(decay >= 0 && decay <= 1)) throw new TapegradError("getEmaAvgFn", `decay must lie in [0, 1], got ${decay}`);
  return (averaged, value) => averaged.mul(decay).add(value.mul(1 - decay));
}

/** Options of AveragedModel. */
export interface AveragedModelOptions {
  /** Default getSwaAvgFn(), the mean; getEmaAvgFn(decay) for a moving average. */
  readonly avgFn?: AvgFn;
  /** Whether buffers, such as running statistics, are averaged too. Default false: use updateBn. */
  readonly useBuffers?: boolean;
}

/**
 * A model with averages of another model's weights (Izmailov et al., "Averaging weights leads to wider optima and better
 * generalization", 2018). Its state dict is that of a model in `module`, and `n_averaged`.
 *
 *     const averaged = new swaUtils.AveragedModel(model, () => new Net(), { avgFn: swaUtils.getEmaAvgFn(0.99) });
 *     optimizer.step();
 *     averaged.updateParameters(model);
 *     averaged.forward(x);
 *
 * @param model - whose weights it starts from
 * @param make - makes a model of the same form, where PyTorch makes a deep copy
 */
export class AveragedModel<M extends Module> extends Module {
  readonly module: M;
  /** How many weights have been averaged. */
  readonly nAveraged = new Buffer(zeros([], { dtype: "int32" }));
  // A private field: averaging is no part of the model's state.
  readonly #average: Required<AveragedModelOptions>;

  constructor(model: M, make: () => M, { avgFn = getSwaAvgFn(), useBuffers = false }: AveragedModelOptions = {}) {
    super();
    this.module = make();
    if ((this.module as Module) === model)
      throw new TapegradError("AveragedModel", "needs a second model to average in");
    this.module.loadStateDict(model.stateDict());
    this.module.train(model.training);
    this.#average = { avgFn, useBuffers };
  }

  protected override stateName(field: string): string {
    return field === "nAveraged" ? "n_averaged" : field;
  }

  forward(...inputs: Parameters<M["forward"]>): ReturnType<M["forward"]> {
    return this.module.forward(...inputs) as ReturnType<M["forward"]>;
  }

  /** Takes the weights that `model` has now into the average; the first ones are the average. */
  updateParameters(model: M): void {
    const { avgFn, useBuffers } = this.#average;
    const listOf = (one: Module): Tensor[] => [...one.parameters(), ...(useBuffers ? one.buffers() : [])];
    const values = listOf(model);
    withGradEnabled(false, () =>
      tidy(() => {
        const isFirst = this.nAveraged.eq(0);
        for (const [i, own] of listOf(this.module).entries()) {
          const value = values[i];
          if (value === undefined)
            throw new TapegradError("updateParameters", "the model has fewer parameters than the average");
          own.copy_(where(isFirst, value, avgFn(own.detach(), value.detach(), this.nAveraged)));
        }
        this.nAveraged.add_(1);
      }),
    );
  }
}

interface BatchStatistics {
  momentum: number | null;
  readonly runningMean: Tensor;
  readonly runningVar: Tensor;
  readonly numBatchesTracked: Tensor;
}

/**
 * Computes the running statistics of a model's batch norms anew, over all batches of `loader`: an average of weights has
 * none of its own.
 * @param loader - gives inputs, or arrays whose first elements are the inputs
 */
export async function updateBn(
  loader: AsyncIterable<Tensor | readonly Tensor[]> | Iterable<Tensor | readonly Tensor[]>,
  model: Module,
): Promise<void> {
  const norms = model.modules().filter(hasStatistics);
  if (norms.length === 0) return;
  const { training } = model;
  const momenta = norms.map(({ momentum }) => momentum);
  model.train();
  for (const norm of norms) {
    norm.runningMean.zero_();
    norm.runningVar.fill_(1);
    norm.numBatchesTracked.zero_();
    norm.momentum = null; // the mean over all batches
  }
  try {
    for await (const batch of loader) {
      const x = Array.isArray(batch) ? (batch as readonly Tensor[])[0]! : (batch as Tensor);
      withGradEnabled(false, () => tidy(() => void model.forward(...([x] as never[]))));
    }
  } finally {
    norms.forEach((norm, i) => {
      norm.momentum = momenta[i]!;
    });
    model.train(training);
  }
}

/** Told by its fields: whether a module keeps running statistics of batches. */
function hasStatistics(module: Module): module is Module & BatchStatistics {
  const { momentum, runningMean, numBatchesTracked } = module as unknown as Partial<BatchStatistics>;
  return momentum !== undefined && runningMean instanceof Buffer && numBatchesTracked instanceof Buffer;
}
