// What bad input to loaders and datasets is told.

import { beforeAll, describe } from "vitest";
import { data, OutOfRangeError, ones, TapegradError } from "../../src/index.js";
import { openDevice } from "../device.js";
import { type Refusals, testRefusals } from "../refusals.js";

beforeAll(openDevice);

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse
const { DataLoader, TensorDataset } = data as any;
const dataset = () => new TensorDataset(ones([4, 2]));
const DATASET = "takes a dataset, which has getItem and length, or is iterable";
const LOADER_OPTIONS =
  "batchSize, shuffle, sampler, batchSampler, numWorkers, collateFn, pinMemory, dropLast, timeout, workerInitFn, " +
  "prefetchFactor, persistentWorkers, generator";

const tables: Record<string, Refusals> = {
  "options of a loader": [
    [
      () => new DataLoader(dataset(), { batch_size: 2 }),
      TapegradError,
      `DataLoader: there is no option "batch_size": use batchSize; there are ${LOADER_OPTIONS}`,
    ],
    [
      () => new DataLoader(dataset(), 2),
      TapegradError,
      "DataLoader: takes optional arguments in an object, such as { name: value }, got 2",
    ],
    [
      () => new DataLoader(dataset(), { collateFn: 5 }),
      TapegradError,
      "DataLoader: collateFn must be a function or a name, got 5",
    ],
  ],
  "what is no dataset": [
    [() => new DataLoader(5), TapegradError, `DataLoader: ${DATASET}, got 5`],
    [() => new DataLoader(undefined), TapegradError, `DataLoader: ${DATASET}, got undefined`],
    [() => new DataLoader(Promise.resolve()), TapegradError, `DataLoader: ${DATASET}, got an object (Promise)`],
    [
      () => new DataLoader({ getItem: () => 1, length: () => 1 }),
      OutOfRangeError,
      "DataLoader: the dataset's length must be a number, got a function",
    ],
    [
      () => new DataLoader({ getItem: () => 1 }),
      OutOfRangeError,
      "DataLoader: the dataset's length must be a number, got undefined",
    ],
    [() => new TensorDataset([1, 2]), TapegradError, "TensorDataset: takes tensors, got [1, 2]: use tensor([1, 2])"],
    [() => new TensorDataset([ones([2])]), TapegradError, "TensorDataset: takes tensors, got [a tensor [2]]"],
  ],
};

for (const [name, table] of Object.entries(tables)) describe(name, () => testRefusals(table));
