// optimizers.json: the parameters after each of PyTorch's steps on given gradients.

import { optimizerOf } from "./optimizer.js";
import { type Args, numbersOf, type Stored, tensorOf } from "./values.js";
import { excess, type Row } from "./verdict.js";

type Named = Readonly<Record<string, Stored>>;

export interface OptimizersFile {
  readonly init: Named;
  /** Of each step. */
  readonly grads: readonly Named[];
  readonly cases: readonly OptimizerCase[];
}

interface OptimizerCase {
  readonly optimizer: string;
  readonly args: Args;
  /** The parameters after each step. */
  readonly after: readonly Named[];
  readonly atol: number;
  readonly rtol: number;
}

export async function* judgeOptimizers({ init, grads, cases }: OptimizersFile): AsyncGenerator<Row> {
  for (const test of cases) yield judge(init, grads, test);
}

async function judge(init: Named, grads: readonly Named[], test: OptimizerCase): Promise<Row> {
  const run = `${test.optimizer} ${JSON.stringify(test.args)}`;
  const names = Object.keys(init);
  const params = names.map((name) => tensorOf(init[name]!).requiresGrad_());
  const failures: string[] = [];
  let worst = 0;
  try {
    const optimizer = optimizerOf(test.optimizer, test.args, params);
    for (const [step, wanted] of test.after.entries()) {
      params.forEach((param, i) => {
        param.grad = tensorOf(grads[step]![names[i]!]!);
      });
      optimizer.step();
      for (const [i, name] of names.entries()) {
        const allowed = (value: number): number => test.atol + test.rtol * Math.abs(value);
        const error = excess(await params[i]!.data(), numbersOf(wanted[name]!), allowed);
        if (error > 1) failures.push(`${name} after step ${step} is off by ${error.toFixed(2)} of what is allowed`);
        worst = Math.max(worst, error);
      }
    }
  } catch (error) {
    failures.push(String(error));
  }
  return { run, steps: test.after.length, loss: undefined, weights: worst, failures };
}
