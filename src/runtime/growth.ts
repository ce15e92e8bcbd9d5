// Memory that grows where JavaScript's garbage collector cannot run is said so, once: finalizers wait for an await.

const MANY_BYTES = 1 << 30;

export class Growth {
  /** Bytes of the blocks created since the last pause; undefined once it was told that they are many. */
  #bytes: number | undefined = 0;

  add(bytes: number): void {
    if (this.#bytes === undefined || (this.#bytes += bytes) < MANY_BYTES) return;
    this.#bytes = undefined;
    console.warn(
      "tapegrad: 1 GiB of new tensors without an await. Dropped tensors can be found only while a program awaits: " +
        "await loss.item() or device.synchronize() in the loop now and then, or run its steps in tidy()",
    );
  }

  pause(): void {
    if (this.#bytes !== undefined) this.#bytes = 0;
  }
}
