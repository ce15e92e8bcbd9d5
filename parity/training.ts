// train_*.json: a training run of PyTorch's, repeated.

import { nn, type Tensor } from "tapegrad";
import { cnn } from "./models/cnn.js";
import { contractiveAe } from "./models/contractive-ae.js";
import { convAe } from "./models/conv-ae.js";
import type { Batch, Family } from "./models/family.js";
import { lstm } from "./models/lstm.js";
import { mlp } from "./models/mlp.js";
import { transformerLm } from "./models/transformer-lm.js";
import { vae } from "./models/vae.js";
import { optimizerOf, schedulerOf } from "./optimizer.js";
import { type Args, numbersOf, type Stored, tensorOf } from "./values.js";
import { excess, type Row } from "./verdict.js";

type Named = Readonly<Record<string, Stored>>;

interface Distances {
  /** Of each step's loss. */
  readonly loss: readonly number[];
  /** Of each entry of the state dict, the largest of its elements'. */
  readonly param: Readonly<Record<string, number>>;
}

export interface TrainingFile {
  readonly name: string;
  readonly steps: number;
  readonly mode: "train" | "eval";
  readonly hyper: {
    readonly optimizer: { readonly name: string; readonly args: Args };
    /** Parts of each batch, whose gradients are added up. */
    readonly microBatches?: number;
    readonly clipGradNorm?: number;
    readonly clipGradValue?: number;
    readonly scheduler?: { readonly name: string; readonly args: Args };
  };
  /** The model's PyTorch code. */
  readonly source: string;
  readonly data: Named;
  readonly stateDict: Named;
  readonly loss64: readonly number[];
  readonly finalStateDict64: Named;
  /** How far PyTorch's float32 strays from its float64. */
  readonly drift: Distances;
  readonly tol: Distances;
  /** Entries whose true gradient is zero: what they become is chance. */
  readonly noisyParameters: readonly string[];
}

/** By the name of the class in `source`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  MLP: mlp,
  CNN: cnn,
  VAE: vae,
  ConvAE: convAe,
  LSTMClassifier: lstm,
  TransformerLM: transformerLm,
  ContractiveAE: contractiveAe,
};

/** Rounding may cost a loss or a weight three times what it costs PyTorch, or this share of its size. */
const DRIFTS = 3;
const RELATIVE = 1e-4;

export async function judgeTraining(file: TrainingFile): Promise<Row> {
  const failures: string[] = [];
  let [losses, weights] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  try {
    const { loss, state } = await train(file);
    losses = 0;
    file.loss64.forEach((wanted, step) => {
      const allowed = Math.max(DRIFTS * file.drift.loss[step]!, RELATIVE * Math.abs(wanted));
      const error = excess([loss[step]!], [wanted], () => allowed);
      if (error > 1) failures.push(`step ${step}: the loss is ${loss[step]}, wanted ${wanted} (allowed ${allowed})`);
      losses = Math.max(losses, error);
    });
    weights = 0;
    for (const [name, stored] of Object.entries(file.finalStateDict64)) {
      const wanted = numbersOf(stored);
      const allowed = allowedOf(file, name, wanted);
      const error = excess(await state[name]!.data(), wanted, () => allowed);
      if (error > 1) failures.push(`${name} is off by ${error.toPrecision(3)} of what is allowed (${allowed})`);
      weights = Math.max(weights, error);
    }
  } catch (error) {
    failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return { run: file.name, steps: file.steps, loss: losses, weights, failures };
}

/** How far the elements of an entry may be off. */
function allowedOf({ drift, tol, noisyParameters }: TrainingFile, name: string, wanted: ArrayLike<number>): number {
  if (noisyParameters.includes(name)) return tol.param[name]!;
  const largest = Math.max(...Array.from(wanted, Math.abs));
  const allowed = Math.max(DRIFTS * (drift.param[name] ?? 0), RELATIVE * largest);
  return allowed === 0 ? Number.MIN_VALUE : allowed; // counts, and what stays 0
}

/** Trains as PyTorch did: the loss of each step, and the state dict after the last one. */
async function train(file: TrainingFile): Promise<{ loss: number[]; state: nn.StateDict }> {
  const { hyper, source, data } = file;
  const found = /class (\w+)\(nn\.Module\)/.exec(source)?.[1] ?? "";
  const family = FAMILIES[found];
  if (family === undefined) throw new Error(`there is no model for ${found || "this source"}`);
  const entries = Object.entries(file.stateDict);
  const model = family.make(Object.fromEntries(entries.map(([name, { t }]) => [name, t.shape])), source);
  model.loadStateDict(Object.fromEntries(entries.map(([name, stored]) => [name, tensorOf(stored)])));
  model.train(file.mode === "train");
  const params = model.parameters();
  const optimizer = optimizerOf(hyper.optimizer.name, hyper.optimizer.args, params);
  const scheduler = hyper.scheduler && schedulerOf(hyper.scheduler.name, hyper.scheduler.args, optimizer);
  const tensors = Object.fromEntries(Object.entries(data).map(([name, stored]) => [name, tensorOf(stored)]));
  const parts = hyper.microBatches ?? 1;
  const losses: number[] = [];
  for (let step = 0; step < file.steps; step++) {
    optimizer.zeroGrad();
    const partial: Tensor[] = [];
    for (let part = 0; part < parts; part++) {
      const loss = family.loss(model, batchOf(tensors, step, part, parts)).div(parts);
      loss.backward();
      partial.push(loss);
    }
    if (hyper.clipGradNorm !== undefined) nn.utils.clipGradNorm_(params, hyper.clipGradNorm);
    if (hyper.clipGradValue !== undefined) nn.utils.clipGradValue_(params, hyper.clipGradValue);
    optimizer.step();
    scheduler?.step();
    losses.push(await partial.reduce((a, b) => a.add(b)).item());
  }
  return { loss: losses, state: model.stateDict() };
}

/** Part `part` of `parts` of a step's batch. */
function batchOf(data: Readonly<Record<string, Tensor>>, step: number, part: number, parts: number): Batch {
  const { batches, ...others } = data;
  const indices = batches!.select(0, step);
  const size = Math.ceil(indices.shape[0]! / parts);
  const from = part * size;
  const count = Math.min(size, indices.shape[0]! - from);
  const own = indices.narrow(0, from, count);
  const batch = { rows: {} as Record<string, Tensor>, noise: {} as Record<string, Tensor> };
  for (const [name, tensor] of Object.entries(others)) {
    if (name === "eps") batch.noise[name] = tensor.select(0, step).narrow(0, from, count);
    else batch.rows[name] = tensor.indexSelect(0, own);
  }
  return batch;
}
