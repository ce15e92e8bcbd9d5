// The innermost code of the convolution kernels, written out for a kernel width, stride and dilation: a row of the padded
// input is read as vectors, and each element is used for all kw that need it.

/** Kernel widths up to this are written out; wider ones are looped over. */
const MAX_WRITTEN_OUT = 12;

/**
 * Elements a padded row must have: for four outputs at a time, and, in the weight gradient, four kw at a time; a
 * multiple of four.
 */
export function paddedWidth(OW: number, KW: number, stride: number, dilation: number): number {
  const outputs = Math.ceil(OW / 4) * 4;
  const taps = KW <= 4 ? KW : Math.ceil(KW / 4) * 4;
  return Math.ceil(((outputs - 1) * stride + (taps - 1) * dilation + 1) / 4) * 4;
}

/** Adds x w to the sums a0 .. a3 and b0 .. b3 of four pixels, from the vectors of x at `row` and of w at `first`. */
export function forwardTaps(KW: number, stride: number, dilation: number, isTurned: boolean): string {
  const add = (value: (j: number) => string, kw: string): string[] => [
    `let w0_${kw} = w[first + ${kw} * pairs * 2];`,
    `let w1_${kw} = w[first + ${kw} * pairs * 2 + 1];`,
    ...[0, 1, 2, 3].flatMap((j) => [`a${j} += ${value(j)} * w0_${kw};`, `b${j} += ${value(j)} * w1_${kw};`]),
  ];
  if (KW > MAX_WRITTEN_OUT) {
    const read = (j: number): string => `x[(at + ${j * stride}) / 4][(at + ${j * stride}) % 4]`;
    const tap = isTurned ? "p.KW - 1 - kw" : "kw";
    const body = [`let at = row * 4 + kw * ${dilation};`, `let tap = ${tap};`, ...add(read, "tap")];
    return `for (var kw = 0u; kw < p.KW; kw++) {\n${body.join("\n")}\n}`;
  }
  const lines = vectors(3 * stride + (KW - 1) * dilation, "x[row");
  for (let kw = 0; kw < KW; kw++) {
    const tap = `${isTurned ? KW - 1 - kw : kw}`;
    lines.push(...add((j) => element(j * stride + kw * dilation), tap));
  }
  return lines.join("\n");
}

/** One of the sums of a lane's output channels. */
export function channelOf(lanesOfW: number, type: string): string {
  const sums = `select(a, b, l >= ${lanesOfW})`;
  return `fn channel(a: W, b: W, l: u32) -> ${type} { return ${type}(${sums}${lanesOfW === 1 ? "" : "[l % 4]"}); }`;
}

/** Reads the vectors that hold elements 0 .. last. */
function vectors(last: number, start: string): string[] {
  return Array.from({ length: Math.floor(last / 4) + 1 }, (_, q) => `let q${q} = ${start} + ${q}];`);
}

function element(at: number): string {
  return `q${Math.floor(at / 4)}.${"xyzw"[at % 4]}`;
}
