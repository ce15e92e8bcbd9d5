// A progress bar with the loss and the speed (cli-progress: the most used one, stable and typed).

import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  /** Counts one batch: its number of samples and its loss. */
  advance(samples: number, loss: number): void;
  /** Ends the bar. */
  stop(): Epoch;
}

/** What became of an epoch. */
export interface Epoch {
  /** The mean of the batches' losses. */
  readonly loss: number;
  /** Samples per second. */
  readonly speed: number;
}

/** A bar over one epoch's batches; without a terminal nothing is drawn. */
export function progress(label: string, batches: number): Progress {
  const format = `${label} |{bar}| {value}/{total} batches, loss {loss}, {speed} images/s, {eta_formatted} left`;
  const options = { format, hideCursor: true, clearOnComplete: true, etaBuffer: 50 };
  const bar = process.stderr.isTTY
    ? new SingleBar({ ...options, stream: process.stderr }, Presets.shades_classic)
    : undefined;
  const start = performance.now();
  let [samples, total, count] = [0, 0, 0];
  const epoch = (): Epoch => ({ loss: total / count, speed: (samples / (performance.now() - start)) * 1000 });
  bar?.start(batches, 0, { loss: "-", speed: "-" });
  return {
    advance(size, loss) {
      samples += size;
      total += loss;
      count++;
      const soFar = epoch();
      bar?.increment(1, { loss: soFar.loss.toFixed(4), speed: soFar.speed.toFixed(0) });
    },
    stop() {
      bar?.stop();
      return epoch();
    },
  };
}
