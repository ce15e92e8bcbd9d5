// train_*.json: a training run of PyTorch's, repeated.

import { nn, type Tensor } from "tapegrad";
import { optimizerOf, schedulerOf } from "./optimizer.js";
import { programOf } from "./python/program.js";
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
    readonly scheduler?: { readonly name: string; readonly args: Args; readonly stepped?: string };
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

/** When schedulers step: the only time that is known. */
const STEPPED = "after every optimizer step";

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
  const stepped = hyper.scheduler?.stepped ?? STEPPED;
  if (stepped !== STEPPED) throw new Error(`the scheduler steps ${JSON.stringify(stepped)}; known is "${STEPPED}"`);
  const { model, loss: lossOf, takes } = programOf(source);
  if (takes !== 2 && takes !== 4)
    throw new Error(`the source's loss takes ${takes} arguments; m, d[, i, ctx] are known`);
  const entries = Object.entries(file.stateDict);
  model.loadStateDict(Object.fromEntries(entries.map(([name, stored]) => [name, tensorOf(stored)])));
  model.train(file.mode === "train");
  const params = model.parameters();
  const optimizer = optimizerOf(hyper.optimizer.name, hyper.optimizer.args, params);
  const scheduler = hyper.scheduler && schedulerOf(hyper.scheduler.name, hyper.scheduler.args, optimizer);
  const tensors: Data = new Map(Object.entries(data).map(([name, stored]) => [name, tensorOf(stored)]));
  const parts = hyper.microBatches ?? 1;
  const context = new Map<string, unknown>([
    ["perm", null], // of the rows of batches, where an order other than the file's is tried
    ["log", new Map()],
  ]);
  const losses: number[] = [];
  for (let step = 0; step < file.steps; step++) {
    optimizer.zeroGrad();
    const partial: Tensor[] = [];
    for (let part = 0; part < parts; part++) {
      const own = partOf(tensors, part, parts);
      const given = takes === 2 ? [model, batchOf(own, step)] : [model, own, step, context];
      const loss = (lossOf(given, {}) as Tensor).div(parts);
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

type Data = ReadonlyMap<string, Tensor>;

/** The data with part `part` of `parts` of every step's batch. */
function partOf(data: Data, part: number, parts: number): Data {
  const count = data.get("batches")!.shape[1]!;
  const size = Math.ceil(count / parts);
  const from = part * size;
  const cut = (x: Tensor): Tensor => x.narrow(1, from, Math.min(size, count - from));
  return new Map([...data].map(([name, x]) => [name, isOfSteps(name) ? cut(x) : x]));
}

/** Whether a tensor has an element for each step, with one for each row of its batch. */
function isOfSteps(name: string): boolean {
  return name === "batches" || name === "eps";
}

/** The data of one step. */
function batchOf(data: Data, step: number): Data {
  const indices = data.get("batches")!.select(0, step);
  return new Map([...data].map(([name, x]) => [name, isOfSteps(name) ? x.select(0, step) : x.indexSelect(0, indices)]));
}
