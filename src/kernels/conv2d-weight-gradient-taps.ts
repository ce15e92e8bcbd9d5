// The innermost code of conv2d-weight-gradient.wgsl, written out for a tile of output channels and kw.

export interface Tile {
  /** Lanes in a subgroup that pass elements of dy to each other; 0 if each lane reads all it needs. */
  readonly lanes: number;
  /** Output channels of a lane. */
  readonly channels: number;
  /** Neighbouring kw of a lane, at most four. */
  readonly kwTile: number;
  /** From one ow to the next, in elements of x. */
  readonly step: number;
  readonly dilation: number;
  /** dy is read as vectors. */
  readonly isAligned: boolean;
}

/** Code for the slots of the kernel. */
export function taps(tile: Tile): Record<string, string> {
  const { lanes, channels, kwTile } = tile;
  const names = Array.from({ length: channels }, (_, o) => `s${o}`);
  return {
    subgroup: lanes === 0 ? "" : "@builtin(subgroup_invocation_id) own: u32,",
    // Where a lane starts has to be the same for the whole workgroup if its lanes are to pass each other elements.
    place:
      lanes === 0
        ? `var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
let column = i % columns; i /= columns;`
        : `let blocks = (columns + WORKGROUP_SIZE - 1) / WORKGROUP_SIZE;
var i = workgroup_index(group, groups);
let column = i % blocks * WORKGROUP_SIZE + lane; i /= blocks;`,
    dy: reader(tile),
    sums: names.map((name) => `var ${name} = Sums();`).join("\n"),
    taps: [...windows(tile), ...products(tile)].join("\n"),
    next_channel: names
      .slice(1)
      .map((name, o) => `s${o} = ${name};`)
      .join("\n"),
    tap: `fn tap(sums: Sums) -> f32 { return ${kwTile === 1 ? "sums" : "sums.x"}; }
fn next(sums: Sums) -> Sums { return sums${["", "", ".yy", ".yzz", ".yzww"][kwTile]}; }`,
  };
}

export function sumsOf(kwTile: number): string {
  return kwTile === 1 ? "f32" : `vec${kwTile}<f32>`;
}

/** Reads dy of four neighbouring ow; what lies past the end of a row is 0. */
function reader({ isAligned }: Tile): string {
  const element = (j: number): string => `select(0.0, f32(dy[row + min(ow + ${j}, p.OW - 1)]), ow + ${j} < p.OW)`;
  const vector = isAligned ? "vec4f(dy[(row + ow) / 4])" : `vec4f(${[0, 1, 2, 3].map(element).join(", ")})`;
  return `fn four(row: u32, ow: u32) -> vec4f { return ${vector}; }`;
}

/** v0 .. v3: the elements of x that meet the four ow, for each kw. */
function windows({ kwTile, step, dilation, isAligned }: Tile): string[] {
  const used = new Set<number>();
  const lines: string[] = [];
  for (let j = 0; j < 4; j++) {
    const at = Array.from({ length: kwTile }, (_, k) => j * step + k * dilation);
    for (const e of at) if (!used.has(e)) lines.push(`let e${e} = x_at(row, has_row, iw + ${e});`);
    for (const e of at) used.add(e);
    const window = `Sums(${at.map((e) => `e${e}`).join(", ")})`;
    // Infinity times the 0 past the end of dy would be NaN.
    lines.push(`let v${j} = ${isAligned ? window : `select(Sums(), ${window}, ow + ${j} < p.OW)`};`);
  }
  return lines;
}

/** Adds v0 .. v3 times dy to the sums. */
function products({ lanes, channels }: Tile): string[] {
  const lines: string[] = [];
  for (let o = 0; o < channels; o++) {
    if (lanes === 0) {
      lines.push(`let d${o} = four(dy_row + min(${o}u, last) * p.OH * p.OW, ow);`);
    } else {
      if (o % lanes === 0) lines.push(`let d${o} = four(dy_row + min(own + ${o}, last) * p.OH * p.OW, ow);`);
      lines.push(`let b${o} = subgroupBroadcast(d${o - (o % lanes)}, ${o % lanes}u);`);
    }
    const d = lanes === 0 ? `d${o}` : `b${o}`;
    for (let j = 0; j < 4; j++) lines.push(`s${o} += v${j} * ${d}[${j}];`);
  }
  return lines;
}
