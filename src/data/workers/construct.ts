// A dataset from its module.

import { describe } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import type { DatasetLike, IterableLike } from "../dataset.js";

/** What a dataset's module exports: the dataset's class, and functions that options name. */
export type DatasetModule = Readonly<Record<string, unknown>>;

/**
 * The dataset that an export makes: a class, or a function that returns it.
 * @throws TapegradError if there is no such export, or it makes no dataset
 */
export async function construct(
  module: DatasetModule,
  name: string,
  args: readonly unknown[],
): Promise<DatasetLike | IterableLike> {
  const made = module[name];
  if (typeof made !== "function") {
    const fix = `export ${name === "default" ? "default " : ""}class ${name === "default" ? "MyDataset" : name} ...`;
    throw new TapegradError("remote", `the module has no class as its export "${name}": write ${fix}`);
  }
  const isClass = /^class\b/.test(Function.prototype.toString.call(made));
  const dataset: unknown = isClass ? Reflect.construct(made, args) : await made(...args);
  const isDataset =
    typeof dataset === "object" &&
    dataset !== null &&
    ("getItem" in dataset || Symbol.asyncIterator in dataset || Symbol.iterator in dataset);
  if (isDataset) return dataset as DatasetLike;
  throw new TapegradError("remote", `a dataset has getItem and length, or is iterable; got ${describe(dataset)}`);
}

/**
 * A function that an option names.
 * @throws TapegradError if the module exports none of that name
 */
export function functionOf(module: DatasetModule, name: string, option: string): (...args: unknown[]) => unknown {
  const found = module[name];
  if (typeof found === "function") return found as (...args: unknown[]) => unknown;
  throw new TapegradError("DataLoader", `${option} is "${name}", and the dataset's module exports no such function`);
}
