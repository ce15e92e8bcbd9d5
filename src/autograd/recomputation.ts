// Computing again what the tape would have kept (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost"): nodes made
// inside a checkpointed function drop what they save. The first of them that is asked for it in the backward pass makes
// the function run once more, and what its nodes save then is what the first ones would have kept.

import { AutogradError, formatShape } from "../core/errors.js";
import type { NDArray } from "../kernels/array.js";
import { withGradEnabled } from "./modes.js";
import type { Meta } from "./op.js";
import { inScope } from "./scope.js";
import type { Variable } from "./variable.js";

/** An array a derivative will need, as it was when it was saved. */
export interface Saved {
  readonly name: string;
  readonly array: NDArray;
  readonly version: number;
  /** Its place on the tape, so that derivatives of derivatives can go on from there. */
  readonly variable: Variable | undefined;
}

/** An array a derivative will need, which is to be computed again. */
export interface Dropped extends Pick<Saved, "name" | "variable"> {
  readonly array: undefined;
  readonly device: NDArray["device"];
  readonly source: Pick<Recomputation, "again" | "release">;
  /** Which of the arrays that the function's nodes save. */
  readonly position: number;
}

/** What happens to an array a node wants to save: kept (undefined), or dropped. */
let drop: ((saved: Saved) => Dropped) | undefined;

/** @internal */
export function dropped(saved: Saved): Dropped | undefined {
  return drop?.(saved);
}

function withDrop<R>(replacement: typeof drop, body: () => R): R {
  const before = drop;
  drop = replacement;
  try {
    return body();
  } finally {
    drop = before;
  }
}

export class Recomputation {
  readonly #metas: Meta[] = [];
  #arrays: (NDArray | undefined)[] | undefined;
  #released = 0;
  #isFirstOver = false;

  /**
   * @param repeat - runs the function again, on the same inputs with the same random numbers
   * @param finish - called when nobody will ask again
   */
  constructor(
    readonly repeat: () => void,
    readonly finish: () => void,
  ) {}

  /** Runs the function for the first time. */
  first<R>(body: () => R): R {
    try {
      return withDrop((saved) => instead(saved, this, this.#metas.push(metaOf(saved.array)) - 1), body);
    } finally {
      this.#isFirstOver = true;
      this.#finishIfUnused();
    }
  }

  /** The array at a position, computed again. */
  again(position: number): NDArray {
    this.#arrays ??= this.#recompute();
    return this.#arrays[position]!;
  }

  release(position: number): void {
    this.#arrays?.[position]?.release();
    if (this.#arrays !== undefined) this.#arrays[position] = undefined;
    this.#released++;
    this.#finishIfUnused();
  }

  #finishIfUnused(): void {
    if (this.#isFirstOver && this.#released === this.#metas.length) this.finish();
  }

  #recompute(): NDArray[] {
    const arrays: NDArray[] = [];
    const keep = (saved: Saved): Dropped => instead(saved, NOBODY, arrays.push(saved.array.retain()) - 1);
    withDrop(keep, () => withGradEnabled(true, () => inScope(this.repeat)));
    const differs = this.#metas.findIndex(({ shape, dtype }, i) => {
      const found = arrays[i];
      return found === undefined || found.dtype !== dtype || `${found.shape}` !== `${shape}`;
    });
    if (differs < 0 && arrays.length === this.#metas.length) return arrays;
    for (const array of arrays) array.release();
    const describe = (meta: Meta | undefined): string =>
      meta ? `${meta.dtype} ${formatShape(meta.shape)}` : "nothing";
    const at = differs < 0 ? this.#metas.length : differs;
    throw new AutogradError(
      "checkpoint",
      `the function computed something else the second time: it saved ${describe(arrays[at])} where it first saved ` +
        `${describe(this.#metas[at])}; it must depend on its inputs alone`,
    );
  }
}

function instead({ name, variable, array }: Saved, source: Dropped["source"], position: number): Dropped {
  return { name, variable, array: undefined, device: array.device, source, position };
}

/** For nodes of the second run, which nobody looks at. */
const NOBODY: Dropped["source"] = {
  again() {
    throw new AutogradError("checkpoint", "the second run of a checkpointed function cannot be played back");
  },
  release() {},
};

function metaOf({ shape, dtype }: NDArray): Meta {
  return { shape, dtype };
}
