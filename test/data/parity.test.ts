// The same batches of indices as PyTorch's DataLoader makes of the same options, and the same combinations refused:
// scripts/golden_loader.py asked PyTorch 1.13.

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { data, Generator } from "../../src/index.js";
import { openDevice } from "../device.js";

interface Case {
  readonly kind: "map" | "iterable";
  readonly length: number;
  readonly options: data.DataLoaderOptions<number, unknown>;
  readonly raises?: string;
  readonly batches: readonly unknown[];
  /** Whether a second epoch has the same batches; null where the order is random. */
  readonly batchesAgain: boolean | null;
  readonly loaderLength: number | null;
}

const cases = JSON.parse(readFileSync(new URL("../goldens/loader.json", import.meta.url), "utf8")) as Case[];

beforeAll(openDevice);

const remotes = new Map<string, Promise<data.RemoteDataset | data.RemoteIterableDataset>>();
afterAll(async () => {
  for (const remote of remotes.values()) (await remote).close();
});

/** Sample i is i. */
async function datasetOf({ kind, length, options }: Case): Promise<data.DatasetLike | data.IterableLike> {
  if (!((options.numWorkers ?? 0) > 0)) {
    return kind === "map" ? { length, getItem: (index: number) => index } : Array.from({ length }, (_, i) => i);
  }
  const name = `${kind} ${length}`;
  const module = new URL(`./remote/numbers.mjs${kind === "map" ? "" : "#Stream"}`, import.meta.url);
  if (!remotes.has(name)) remotes.set(name, data.remote<data.DatasetLike>(module, length));
  return remotes.get(name)!;
}

async function epochOf(loader: AsyncIterable<unknown>): Promise<unknown[]> {
  const batches: unknown[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}

async function assertSame(given: Case, dataset: data.DatasetLike | data.IterableLike): Promise<void> {
  const make = (): data.DataLoader<data.DatasetLike | data.IterableLike, unknown> =>
    new data.DataLoader(dataset, {
      // Starting workers for each of these would take long; that they may be ended is tested elsewhere.
      ...((given.options.numWorkers ?? 0) > 0 && { persistentWorkers: true }),
      ...given.options,
      generator: new Generator(0),
      collateFn: (samples: unknown) => samples,
    });
  if (given.raises !== undefined) {
    expect(make).toThrow(/^(DataLoader|BatchSampler|RandomSampler): /);
    return;
  }
  const loader = make();
  const batches = await epochOf(loader);
  if (given.options.shuffle === true) {
    const sizes = batches.map((batch) => (Array.isArray(batch) ? batch.map(() => -1) : -1));
    expect(sizes).toEqual(given.batches);
    expect(new Set(batches.flat()).size).toBe(batches.flat().length);
  } else {
    expect(batches).toEqual(given.batches);
    expect(await epochOf(loader)).toEqual(given.batches);
    expect(given.batchesAgain).toBe(true);
  }
  if (given.loaderLength !== null) expect(loader.length).toBe(given.loaderLength);
}

test("there are 200 combinations at least", () => expect(cases.length).toBeGreaterThanOrEqual(200));

test.each(cases.map((given) => [given.kind, given.length, JSON.stringify(given.options), given] as const))(
  "%s dataset of %d, %s",
  async (_kind, _length, _options, given) => assertSame(given, await datasetOf(given)),
);
