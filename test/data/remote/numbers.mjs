// Datasets for workers, in plain JavaScript, which starts sooner than TypeScript.

/** Sample i is i, or whatever goes wrong with it. */
export default class Numbers {
  /**
   * @param {number} length
   * @param {{ throwAt?: number, dieAt?: number, hangAt?: number, spin?: number }} [trouble]
   */
  constructor(length, trouble = {}) {
    if (length < 0) throw new RangeError(`there are no ${length} numbers`);
    this.length = length;
    this.trouble = trouble;
  }

  /** @param {number} index */
  getItem(index) {
    const { throwAt, dieAt, hangAt, spin = 0 } = this.trouble;
    if (index === throwAt) return readFromOtherDisk(index);
    if (index === dieAt) process.exit(7);
    if (index === hangAt) return new Promise(() => undefined);
    for (const end = performance.now() + spin; performance.now() < end; );
    return index;
  }
}

/** @param {number} index */
function readFromOtherDisk(index) {
  throw new TypeError(`sample ${index} is on the other disk`);
}

/** @param {number} length */
export function later(length) {
  return Promise.resolve(new Numbers(length));
}

/** 0, 1, 2, ... without indices. */
export class Stream {
  /** @param {number} length */
  constructor(length) {
    this.length = length;
  }

  *[Symbol.iterator]() {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** Sample i is an image of that colour, and what it is. */
export class Images {
  length = 4;
  /** @param {number} index */
  getItem(index) {
    return { image: new Uint8Array(6).fill(index), is: { value: index / 2, label: index } };
  }
}

/** Batches are made at once, and say so. */
export class AtOnce {
  length = 4;
  /** @param {number} index */
  getItem(index) {
    return [index];
  }
  /** @param {Int32Array} indices */
  getBatch(indices) {
    return [Float32Array.from(indices, (index) => -index)];
  }
}

/** Of each type a field, of so many elements. */
export class Pixels {
  /**
   * @param {number} length
   * @param {number} size
   */
  constructor(length, size) {
    this.length = length;
    this.size = size;
  }
  /** @param {number} i */
  getItem(i) {
    return {
      float: new Float32Array(this.size).fill(i / 2),
      bytes: new Uint8Array(this.size).fill(i),
      whole: new Int32Array(this.size).fill(-i),
      flag: i % 2 === 0,
      label: i % 3,
    };
  }
}

/** @param {number[]} samples */
export function same(samples) {
  return samples;
}

/** @param {number[]} samples */
export async function sumLater(samples) {
  return { sum: samples.reduce((a, b) => a + b) };
}

let started = -1;

/** @param {number} id */
export function start(id) {
  started = id;
}

/** @param {number[]} samples */
export function withWorker(samples) {
  return samples.map((sample) => [sample, started]);
}

export const notAClass = 7;
