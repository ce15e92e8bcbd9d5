// Seeded inputs, the same in every framework.

/** Numbers from 0 to 1, 1 excluded: the generator known as mulberry32. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed numbers (Box and Muller's method), scaled. */
export function normal(count: number, seed: number, scale = 1): Float32Array {
  const next = uniform(seed);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const radius = Math.sqrt(-2 * Math.log(1 - next())); // 1 - next() is never 0
    values[i] = scale * radius * Math.cos(2 * Math.PI * next());
  }
  return values;
}

/** Whole numbers from 0 to `end` - 1. */
export function integers(count: number, end: number, seed: number): Int32Array {
  const next = uniform(seed);
  return Int32Array.from({ length: count }, () => Math.floor(next() * end));
}

/** A 1 in each row at that row's label: [labels, classes]. */
export function oneHot(labels: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(labels.length * classes);
  labels.forEach((label, i) => {
    rows[i * classes + label] = 1;
  });
  return rows;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** The elements of an array of `shape` in the order of its permuted dimensions, as `transpose` of the peers counts them. */
export function permuted(values: Float32Array, shape: readonly number[], permutation: readonly number[]): Float32Array {
  const extents = permutation.map((dim) => shape[dim]!);
  const steps = permutation.map((dim) => sizeOf(shape.slice(dim + 1)));
  const result = new Float32Array(values.length);
  let next = 0;
  const walk = (k: number, offset: number): void => {
    for (let i = 0, at = offset; i < extents[k]!; i++, at += steps[k]!) {
      if (k === extents.length - 1) result[next++] = values[at]!;
      else walk(k + 1, at);
    }
  };
  walk(0, 0);
  return result;
}
