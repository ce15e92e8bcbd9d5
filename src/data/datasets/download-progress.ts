// How far a download is, on a line of the terminal.

/** How far a download is, in bytes. */
export interface DownloadProgress {
  readonly url: string;
  readonly received: number;
  /** undefined if the server does not say. */
  readonly total: number | undefined;
}

const WIDTH = 24; // characters of the bar
const PAUSE = 100; // ms between two drawings

/** @internal A function to be called with each progress, and with undefined at the end. */
export function progressLine(
  name: string,
  wanted: boolean | ((progress: DownloadProgress) => void) | undefined,
): (progress: DownloadProgress | undefined) => void {
  if (typeof wanted === "function") return (progress) => void (progress && wanted(progress));
  const { stderr: stream } = (globalThis as { process?: NodeJS.Process }).process ?? {}; // browsers have none
  if (stream === undefined || !(wanted ?? stream.isTTY)) return () => undefined;
  const start = performance.now();
  let [drawn, first] = [0, -1];
  return (progress) => {
    if (progress === undefined) {
      if (first >= 0) stream.write("\n");
      return;
    }
    const { received, total } = progress;
    const now = performance.now();
    if (first < 0) first = received;
    else if (now - drawn < PAUSE && received !== total) return;
    drawn = now;
    const speed = (received - first) / Math.max(now - start, 1) / 1000; // MB/s
    const filled = total ? Math.round((WIDTH * received) / total) : 0;
    const bar = total ? `|${"█".repeat(filled)}${"░".repeat(WIDTH - filled)}| ` : "";
    const of = total === undefined ? "" : ` of ${megabytes(total)}`;
    stream.write(`\r${name} ${bar}${megabytes(received)}${of} MB, ${speed.toFixed(1)} MB/s `);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
