// What the engine did, counted exactly: tests assert these numbers, the benchmark prints them.

export interface Counters {
  /** Compute dispatches recorded. */
  dispatches: number;
  /** Command buffers handed to the queue. */
  submits: number;
  /** Buffer-to-buffer copies recorded, readbacks not included. */
  copies: number;
  /** Tensors read back to JavaScript. */
  readbacks: number;
  /** Host-to-GPU uploads of tensor data. */
  uploads: number;
  buffersCreated: number;
  bindGroupsCreated: number;
  shaderModulesCreated: number;
  pipelinesCreated: number;
  /** Time the program has spent compiling, or waiting at an await until kernels were compiled, in ms. */
  compileMilliseconds: number;
  /** Times the engine made the garbage collector run. */
  collections: number;
}

/** The counters, and the memory behind tensors in bytes. */
export interface Stats extends Readonly<Counters> {
  /** Bytes held by tensors, the tape and work in flight. */
  readonly bytesLive: number;
  /** Bytes kept for reuse. */
  readonly bytesPooled: number;
  /** The largest bytesLive has been. */
  readonly bytesPeak: number;
}

export function newCounters(): Counters {
  return {
    dispatches: 0,
    submits: 0,
    copies: 0,
    readbacks: 0,
    uploads: 0,
    buffersCreated: 0,
    bindGroupsCreated: 0,
    shaderModulesCreated: 0,
    pipelinesCreated: 0,
    compileMilliseconds: 0,
    collections: 0,
  };
}
