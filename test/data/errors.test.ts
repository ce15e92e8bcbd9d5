// What bad input to loaders and datasets is told.

import { beforeAll, describe } from "vitest";
import { data, ones, TapegradError } from "../../src/index.js";
import { openDevice } from "../device.js";
import { type Refusals, testRefusals } from "../refusals.js";

beforeAll(openDevice);

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse
const { DataLoader, TensorDataset } = data as any;
const dataset = () => new TensorDataset(ones([4, 2]));
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
};

for (const [name, table] of Object.entries(tables)) describe(name, () => testRefusals(table));
