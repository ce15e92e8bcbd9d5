// A measurement as a line of text.

import { COUNTED, type Measurement } from "./measure.js";

export function line(measured: Measurement): string {
  const { name, form, medianMs, quartilesMs, queuedMs, gflops, gigabytesPerSecond, shares, firstMs, hostMs, counts } =
    measured;
  const of = (value: number | undefined, share: number | undefined, unit: string): string =>
    value === undefined
      ? ""
      : `${value.toFixed(2)} ${unit} ${share === undefined ? "" : `${(100 * share).toFixed(0)}%`}`;
  return [
    `${name.slice(0, 48)}${form === "replay" ? " replayed" : ""}`.padEnd(57),
    `${medianMs.toFixed(2)} (${quartilesMs.map((ms) => ms.toFixed(2)).join(" to ")})`.padEnd(25),
    (queuedMs?.toFixed(2) ?? "").padEnd(7),
    of(gflops, shares?.gflops, "GFLOP/s").padEnd(19),
    of(gigabytesPerSecond, shares?.gigabytesPerSecond, "GB/s").padEnd(15),
    firstMs.toFixed(0).padStart(6),
    hostMs.toFixed(2).padStart(7),
    ...COUNTED.map((counted) => String(counts[counted]).padStart(4)),
  ].join(" ");
}
