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
    `let w0_${kw} = Sums(w[first + ${kw} * pairs * 2]);`,
    `let w1_${kw} = Sums(w[first + ${kw} * pairs * 2 + 1]);`,
    ...[0, 1, 2, 3].flatMap((j) => [`a${j} += ${value(j)} * w0_${kw};`, `b${j} += ${value(j)} * w1_${kw};`]),
  ];
  if (KW > MAX_WRITTEN_OUT) {
    const read = (j: number): string => `T(x[(at + ${j * stride}) / 4][(at + ${j * stride}) % 4])`;
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

/** Adds x w to the sums of four pixels of one channel, from single elements: those at `left` of `row` and after it. */
export function depthwiseTaps(KW: number, stride: number, dilation: number, isTurned: boolean): string {
  const tap = (kw: string): string => `T(w[first + ${isTurned ? `p.KW - 1 - ${kw}` : kw}])`;
  if (KW > MAX_WRITTEN_OUT) {
    const read = (j: number): string => `element(row, left + i32(kw * ${dilation}) + ${j * stride})`;
    const body = `sums += vec4<T>(${[0, 1, 2, 3].map(read)}) * ${tap("kw")};`;
    return `for (var kw = 0u; kw < p.KW; kw++) { ${body} }`;
  }
  const { lines, fours } = elementsOfRow(KW, stride, dilation);
  return [...lines, ...fours.map((four, kw) => `sums += ${four} * ${tap(`${kw}`)};`)].join("\n");
}

/** The slots of conv2d-depthwise-rows.wgsl for a kernel's size. */
export function depthwiseRowSlots(
  [KH, KW]: readonly [number, number],
  stride: number,
  dilation: number,
  isTurned: boolean,
): Readonly<Record<"weights" | "sums" | "taps" | "shift", string>> {
  const all = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
  const tap = (at: number): number => (isTurned ? KH * KW - 1 - at : at);
  const { lines, fours } = elementsOfRow(KW, stride, dilation);
  const products = (s: number): string[] => fours.map((four, kw) => `${four} * w${(KH - 1 - s) * KW + kw}`);
  return {
    weights: all(KH * KW, (at) => `let w${at} = T(w[first + ${tap(at)}]);`).join("\n"),
    sums: all(KH, (s) => `var s${s} = vec4<T>();`).join("\n"),
    taps: [...lines, ...all(KH, (s) => `s${s} += ${products(s).join(" + ")};`)].join("\n"),
    shift: all(KH, (s) => `s${s} = ${s === KH - 1 ? "vec4<T>()" : `s${s + 1}`};`).join("\n"),
  };
}

/** Reads the elements of a row that four pixels need, each once; and for each kw the vector of the four it meets. */
function elementsOfRow(KW: number, stride: number, dilation: number): { lines: string[]; fours: string[] } {
  const needed = new Set<number>();
  const fours = Array.from({ length: KW }, (_, kw) => {
    const four = [0, 1, 2, 3].map((j) => j * stride + kw * dilation);
    for (const at of four) needed.add(at);
    return `vec4<T>(${four.map((at) => `e${at}`)})`;
  });
  return { lines: Array.from(needed, (at) => `let e${at} = element(row, left + ${at});`), fours };
}

/** One of the sums of a lane's output channels. */
export function channelOf(lanesOfW: number, type: string): string {
  const sums = `select(a, b, l >= ${lanesOfW})`;
  return `fn channel(a: Sums, b: Sums, l: u32) -> ${type} { return ${type}(${sums}${lanesOfW === 1 ? "" : "[l % 4]"}); }`;
}

/** Reads the vectors that hold elements 0 .. last. */
function vectors(last: number, start: string): string[] {
  return Array.from({ length: Math.floor(last / 4) + 1 }, (_, q) => `let q${q} = vec4<T>(${start} + ${q}]);`);
}

function element(at: number): string {
  return `q${Math.floor(at / 4)}.${"xyzw"[at % 4]}`;
}
