// What the files of bench/results hold.

import type { Rates } from "./adapter-rates.js";
import type { HostTimes } from "./host.js";
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
  /** Usual ones of the adapter, while its workloads were measured. */
  readonly rates: Rates;
  readonly workloads: readonly Measurement[];
}

export interface ColdReport extends Circumstances {
  readonly workloads: readonly {
    readonly name: string;
    readonly seconds: Readonly<Record<string, number>>;
    readonly ratio: number;
  }[];
}

/** What `npm run bench:data` measured. */
export interface DataReport extends Circumstances {
  readonly throughput: readonly {
    readonly work: "light" | "heavy";
    readonly numWorkers: number;
    readonly pinMemory: boolean;
    readonly samplesPerSecond: number;
    /** Per batch: what is in it, and what the queue copied of it in the loop. */
    readonly bytesMade: number;
    readonly bytesQueued: number;
  }[];
  readonly scaling: { readonly oneMs: number; readonly twoMs: number };
  readonly hiding: {
    readonly millisecondsPerSample: number;
    readonly loadingMs: number;
    readonly stepsMs: number;
    readonly rows: readonly {
      readonly numWorkers: number;
      readonly pinMemory: boolean;
      readonly ms: number;
      /** The share of the loading's time that the steps hid. */
      readonly hidden: number;
    }[];
  };
  /** What the loop waits for a batch that a worker has ready, and its upload: medians. */
  readonly handingOver: { readonly queuedMs: number; readonly pinnedMs: number };
}

/** What `npm run bench:training` measured. */
export interface TrainingReport extends Circumstances {
  /** Bytes that lived at most in a loop of steps: ours as they are written, under tidy and replayed; tfjs's under tidy. */
  readonly peaks: Readonly<
    Record<string, { readonly loop: number; readonly tidy: number; readonly replay: number; readonly tfjs: number }>
  >;
  readonly host: { readonly tapegrad: HostTimes; readonly jax: HostTimes };
  /** Times as long on twice the batch. */
  readonly growths: Readonly<Record<string, number>>;
}
