// Frames give back what launchers make on the way to their results, so that launchers need not count.

/** Something shared, which its last holder lets go. */
interface Counted {
  retain(): unknown;
  release(): void;
}

let frame: Counted[] | undefined;

/** Runs `body`, and releases every array it made except those it returns. */
export function inFrame<R extends Counted | readonly Counted[] | undefined>(body: () => R): R {
  const outer = frame;
  const made: Counted[] = [];
  frame = made;
  try {
    const result = body();
    for (const array of result === undefined ? [] : Array.isArray(result) ? result : [result as Counted]) {
      array.retain();
      outer?.push(array);
    }
    return result;
  } finally {
    frame = outer;
    for (const array of made) array.release();
  }
}

/** Called by every new array: the frame it was made in, if there is one, holds it. */
export function joinFrame(array: Counted): void {
  frame?.push(array);
}
