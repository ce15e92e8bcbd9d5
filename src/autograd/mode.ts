// Modes: switches that change what operations do, in a region of the program. Who must know all of them asks `modesNow`,
// which no mode can be missing from.

/** A bit for each mode that is on. */
let current = 0;
let defined = 0;

export class Mode {
  readonly #bit = 1 << defined++;

  /** @param isOn - whether it is on from the start */
  constructor(isOn = false) {
    this.#put(isOn);
  }

  get isOn(): boolean {
    return (current & this.#bit) !== 0;
  }

  /** Switches it on or off until the returned guard is disposed, if it ever is. */
  set(isOn: boolean): Disposable {
    const before = this.isOn;
    this.#put(isOn);
    return { [Symbol.dispose]: () => this.#put(before) };
  }

  #put(isOn: boolean): void {
    current = isOn ? current | this.#bit : current & ~this.#bit;
  }
}

/** All modes at once: the same number where each is as it was. */
export function modesNow(): number {
  return current;
}
