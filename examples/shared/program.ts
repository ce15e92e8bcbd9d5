// What the examples of one family have in common as programs: their arguments, their device, what they print first.

import { realpathSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { init, manualSeed } from "tapegrad";
import { type Digits, datasets } from "./digits.js";
import { positiveNumber, wholeNumber } from "./numbers.js";
import { RunLog } from "./run-log.js";
import { reportRun } from "./run-report.js";

/** What to train on and for how long; where nothing is said, each example has its own default. */
export interface Training {
  readonly train: Digits;
  readonly test: Digits;
  /** What becomes of the epochs is added here; pictures go to its folder. */
  readonly log: RunLog;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
}

/** Trains as the command line says and writes a report, if the module of this URL is the program and was not imported by another. */
export async function program(url: string, train: (training: Training) => Promise<unknown>): Promise<void> {
  const file = fileURLToPath(url);
  if (process.argv[1] === undefined || realpathSync(process.argv[1]) !== file) return;
  const { values } = parseArgs({
    options: {
      data: { type: "string" },
      epochs: { type: "string" },
      "batch-size": { type: "string" },
      lr: { type: "string" },
      seed: { type: "string", default: "0" },
      out: { type: "string", default: `runs/${basename(file, ".ts")}` },
    },
  });
  const { epochs, "batch-size": batchSize, lr } = values;
  const options = {
    epochs: epochs === undefined ? undefined : wholeNumber("epochs", epochs),
    batchSize: batchSize === undefined ? undefined : wholeNumber("batch-size", batchSize),
    lr: lr === undefined ? undefined : positiveNumber("lr", lr),
  };
  const seed = wholeNumber("seed", values.seed, 0);
  const { description, isSoftware } = (await init()).adapter;
  manualSeed(seed);
  const digits = datasets(values.data);
  const adapter = `${description}${isSoftware ? " (software)" : ""}`;
  console.log(`adapter: ${adapter}`);
  console.log(`data: ${digits.name}, ${digits.train.length} to train on, ${digits.test.length} to test on`);
  const log = await RunLog.open(values.out);
  await train({ ...digits, ...options, log });
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  await reportRun(log, { title: basename(file, ".ts"), facts: { data: digits.name, adapter, seed, ...given } });
}
