// What is measured in each framework: sessions, one per workload and form.

import type { NotAvailable, Workload } from "../workloads/workload.js";

export interface Session {
  /** One run, waited for by reading one element of each result. */
  run(): Promise<void>;
  /** One run whose results are read whole, to be compared; of a training step this is the loss. */
  outputs(): Promise<Float32Array[]>;
}

export interface Framework {
  readonly version: string;
  /** The forms in which this framework does the workload, each with inputs and weights of its own. */
  prepare(workload: Workload): Record<string, () => Session> | NotAvailable;
}

export const frameworks = ["tapegrad", "tfjs", "jax-js"] as const;
export type FrameworkName = (typeof frameworks)[number];
