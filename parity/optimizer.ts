// Optimizers and schedulers by PyTorch's names and arguments.

import { optim, type Tensor } from "tapegrad";
import { type Args, camelCase, decode } from "./values.js";

/** What every optimizer has. */
export type AnyOptimizer = optim.Optimizer<{ lr: number }>;

type Constructor = new (params: readonly Tensor[], options: Readonly<Record<string, unknown>>) => AnyOptimizer;

/** Arguments in camelCase. */
export function optionsOf(args: Args): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [camelCase(name), decode(value, new Map())]));
}

export function optimizerOf(name: string, args: Args, params: Iterable<Tensor>): AnyOptimizer {
  const found = (optim as unknown as Record<string, Constructor | undefined>)[name];
  if (found === undefined) throw new Error(`tapegrad has no optimizer ${name}`);
  return new found([...params], optionsOf(args));
}
