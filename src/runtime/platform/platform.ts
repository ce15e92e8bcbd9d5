// What differs between Node and a browser, in one interface. `#platform` resolves to node.ts or browser.ts.

export interface Platform {
  /**
   * The entry to WebGPU and an adapter found through it.
   * @param name - an adapter to insist on; undefined takes the best there is
   * @throws DeviceError saying how to get an adapter
   */
  findAdapter(name: string | undefined): Promise<{ gpu: GPU; adapter: GPUAdapter }>;
  /** Runs (or, where that is all there is, provokes) JavaScript's garbage collector. */
  collectGarbage(): void;
  /** Resolves in a later task, after finalizers of collected objects have run. */
  nextTask(): Promise<void>;
}
