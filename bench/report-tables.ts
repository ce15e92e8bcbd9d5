// Results as Markdown tables.

import type { HostTime } from "./host.js";
import { COUNTED, type Measurement } from "./measure.js";
import type { Timing } from "./measure-peers.js";
import type { Circumstances, ColdReport, DataReport, OursReport, PeersReport, TrainingReport } from "./report-types.js";

export function peersTable(report: PeersReport): string {
  const rows = report.workloads.map(({ name, timings, ratio }) => {
    const of = (framework: string, form?: string): string =>
      best(timings.filter((timing) => timing.framework === framework && (form === undefined || timing.form === form)));
    const pieces = timings.some(({ form }) => form === "jit in pieces") ? "jit in pieces" : "jit";
    const cells = [of("tapegrad"), of("tfjs"), of("jax-js", "eager"), of("jax-js", pieces)];
    return [name, ...cells, ratio === undefined ? "n/a" : `**${ratio.toFixed(2)}**`, firsts(timings)];
  });
  const versions = Object.entries(report.versions).map(([name, version]) => `${name} ${version}`);
  return `${heading(report)} ${versions.join(", ")}.\n\n${table(
    ["median, ms", "tapegrad", "tfjs", "jax-js eager", "jax-js jit", "R", "first run, ms: tapegrad, tfjs, jax-js"],
    rows,
  )}`;
}

/** The fastest of some forms, or why there is none. */
function best(timings: readonly Timing[]): string {
  const times = timings.flatMap(({ medianMs }) => (medianMs === undefined ? [] : [medianMs]));
  if (times.length > 0) return milliseconds(Math.min(...times));
  const reason = timings.map(({ notAvailable, error }) => notAvailable ?? (error && `failed: ${oneLine(error)}`))[0];
  return reason === undefined ? "" : `n/a: ${reason}`;
}

/** Of the form that each framework ran first: the others find kernels compiled. */
function firsts(timings: readonly Timing[]): string {
  return ["tapegrad", "tfjs", "jax-js"]
    .map((framework) => {
      const first = timings.find((timing) => timing.framework === framework && timing.firstMs !== undefined);
      return first?.firstMs?.toFixed(0) ?? "n/a";
    })
    .join(", ");
}

export function oursTable(report: OursReport): string {
  const { gflops, gigabytesPerSecond } = report.rates;
  const share = (value: number | undefined, part: number | undefined): string[] => [
    value?.toFixed(2) ?? "",
    part === undefined ? "" : percent(part),
  ];
  const rows = report.workloads.map((measured) => [
    nameOf(measured),
    milliseconds(measured.medianMs),
    measured.queuedMs === undefined ? "" : milliseconds(measured.queuedMs),
    ...share(measured.gflops, measured.shares?.gflops),
    ...share(measured.gigabytesPerSecond, measured.shares?.gigabytesPerSecond),
  ]);
  const can = `Multiply-adds ${gflops.toFixed(1)} GFLOP/s, vec4 copy ${gigabytesPerSecond.toFixed(1)} GB/s.`;
  return `${heading(report)} ${can}\n\n${table(["", "alone, ms", "queued, ms", "GFLOP/s", "of it", "GB/s", "of it"], rows)}`;
}

/** Counts are the same on all adapters, host times nearly. */
export function countsTable(report: OursReport): string {
  const rows = report.workloads.map((measured) => [
    nameOf(measured),
    measured.hostMs.toFixed(2),
    ...COUNTED.map((counted) => String(measured.counts[counted])),
  ]);
  const header = ["per warm run", "host, ms", "dispatches", "submits", "buffers", "bind groups", "shader modules"];
  return `${heading(report)}\n\n${table(header, rows)}`;
}

export function coldTable(report: ColdReport): string {
  const frameworks = Object.keys(report.workloads[0]?.seconds ?? {});
  const rows = report.workloads.map(({ name, seconds, ratio }) => [
    name,
    ...frameworks.map((framework) => seconds[framework]!.toFixed(2)),
    `**${ratio.toFixed(2)}**`,
  ]);
  return `${heading(report)}\n\n${table(["start to first loss, s", ...frameworks, "R"], rows)}`;
}

export function dataTable({ throughput, scaling, hiding, handingOver, ...report }: DataReport): string {
  const rows = throughput.map(({ work, numWorkers, pinMemory, samplesPerSecond, bytesMade, bytesQueued }) => {
    const same = hiding.rows.find((row) => row.numWorkers === numWorkers && row.pinMemory === pinMemory)!;
    const kilobytes = [bytesMade, bytesQueued].map((bytes) => (bytes / 1000).toFixed(0));
    const hidden = work === "light" ? percent(same.hidden) : "";
    return [work, String(numWorkers), pinMemory ? "yes" : "no", samplesPerSecond.toFixed(0), ...kilobytes, hidden];
  });
  const header = ["transform", "workers", "pinMemory", "samples/s", "kB a batch", "kB copied by the queue"];
  const waits = `${milliseconds(handingOver.queuedMs)} ms, ${milliseconds(handingOver.pinnedMs)} ms with pinMemory`;
  return `${heading(report)}\n\n${table([...header, `hidden, ${hiding.millisecondsPerSample} ms a sample`], rows)}\n
Heavy transforms with an idle step: 2 workers are ${(scaling.oneMs / scaling.twoMs).toFixed(2)} times as fast as 1. A batch that is ready
and its upload hold the loop up for ${waits}.`;
}

export function trainingTable({ peaks, host, growths, ...report }: TrainingReport): string {
  const megabytes = (bytes: number | undefined): string => (bytes === undefined ? "" : (bytes / 1e6).toFixed(1));
  const rows = Object.entries(growths).map(([name, growth]) => [
    name,
    growth.toFixed(2),
    ...(["loop", "tidy", "replay", "tfjs"] as const).map((form) => megabytes(peaks[name]?.[form])),
  ]);
  const forms = ["peak memory, MB: as written", "under tidy", "replayed", "tfjs under tidy"];
  const header = ["step", "time on twice the batch", ...forms];
  const times = ({ call, submitted, read }: HostTime): string[] => [call, submitted, read].map(milliseconds);
  const stages = ["JavaScript, ms, for an MLP 16-16-16-10", "the call", "and submitted", "and the loss asked for"];
  const hosts = [
    ["tapegrad, replayed", ...times(host.tapegrad.usual)],
    ["jax-js, the step in jit", ...times(host.jax.usual)],
    ["tapegrad, its quietest turn", ...times(host.tapegrad.quietest)],
    ["jax-js, its quietest turn", ...times(host.jax.quietest)],
  ];
  return `${heading(report)}\n\n${table(header, rows)}\n\n${table(stages, hosts)}`;
}

function heading({ adapter, date, cpu, node }: Circumstances): string {
  return `**${adapter}**, ${date.slice(0, 10)}, ${cpu.cores} cores${cpu.model ? ` of ${cpu.model}` : ""}, Node ${node}.`;
}

function nameOf({ name, form }: Measurement): string {
  return form === "replay" ? `${name}, replayed` : name;
}

export function milliseconds(ms: number): string {
  return ms < 1 ? ms.toFixed(2) : ms < 100 ? ms.toFixed(1) : ms.toFixed(0);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)}%`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\|/g, "/").slice(0, 80);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), `|---|${"---:|".repeat(header.length - 1)}`, ...rows.map(line)].join("\n");
}
