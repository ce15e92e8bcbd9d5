// What the files of bench/results hold.

import type { AdapterRates } from "./adapter-rates.js";
import type { Measurement } from "./measure.js";
import type { Measured } from "./measure-peers.js";
import type { Circumstances } from "./report-file.js";

export type { Circumstances };

export interface PeersReport extends Circumstances {
  readonly versions: Readonly<Record<string, string>>;
  readonly workloads: readonly Measured[];
}

export interface OursReport extends Circumstances {
  readonly description: string;
  readonly rates: AdapterRates;
  readonly workloads: readonly Measurement[];
}

export interface ColdReport extends Circumstances {
  readonly workloads: readonly {
    readonly name: string;
    readonly seconds: Readonly<Record<string, number>>;
    readonly ratio: number;
  }[];
}
