// The part of jax-js 0.1.25 that the workloads use, declared here so that the project checks without the package.
// Arrays are counted: passing one to a function gives it away, and `.ref` keeps it for another use.

export interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  data(): Promise<Float32Array>;
  blockUntilReady(): Promise<JaxArray>;
  /** Launches what is needed for it, at once; uses the array up. */
  gpuBufferSync(): GPUBuffer;
  dispose(): void;
  reshape(shape: number[]): JaxArray;
  slice(...index: (number | [number, number] | [])[]): JaxArray;
  transpose(permutation?: number[]): JaxArray;
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  div(other: JaxArray | number): JaxArray;
  neg(): JaxArray;
  sum(axis?: number | number[] | null, options?: { keepdims?: boolean }): JaxArray;
  mean(axis?: number | number[] | null, options?: { keepdims?: boolean }): JaxArray;
}

export type JaxFunction = (...inputs: JaxArray[]) => JaxArray[];

/** Gives gradients; it holds arrays until it is disposed of. */
export interface JaxPullBack {
  (dy: JaxArray): JaxArray[];
  dispose(): void;
}

export interface Jax {
  init(...devices: string[]): Promise<string[]>;
  defaultDevice(device: string): string;
  jit(fn: JaxFunction): JaxFunction;
  vjp(fn: (...inputs: JaxArray[]) => JaxArray, inputs: JaxArray[]): [JaxArray, JaxPullBack];
  grad(fn: (...inputs: JaxArray[]) => JaxArray, options: { argnums: number[] }): JaxFunction;
  valueAndGrad(
    fn: (...inputs: JaxArray[]) => JaxArray,
    options: { argnums: number[] },
  ): (...inputs: JaxArray[]) => [JaxArray, JaxArray[]];
  numpy: {
    array(values: Float32Array | Int32Array, options?: { shape?: number[]; dtype?: string }): JaxArray;
    zeros(shape: number[]): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    matrixTranspose(a: JaxArray): JaxArray;
    tanh(x: JaxArray): JaxArray;
    abs(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
    square(x: JaxArray): JaxArray;
    exp(x: JaxArray): JaxArray;
    reciprocal(x: JaxArray): JaxArray;
    sum(x: JaxArray, axis?: number | number[] | null): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis?: number): JaxArray;
    pad(x: JaxArray, width: [number, number][]): JaxArray;
    split(x: JaxArray, sections: number, axis: number): JaxArray[];
    max(x: JaxArray, axis?: number | number[] | null): JaxArray;
  };
  lax: {
    convGeneralDilated(
      x: JaxArray,
      filter: JaxArray,
      strides: number[],
      padding: [number, number][],
      options?: { featureGroupCount?: number },
    ): JaxArray;
    reduceWindow(
      x: JaxArray,
      computation: (window: JaxArray) => JaxArray,
      windowDimensions: number[],
      windowStrides?: number[],
    ): JaxArray;
  };
  nn: {
    relu(x: JaxArray): JaxArray;
    gelu(x: JaxArray, options?: { approximate?: boolean }): JaxArray;
    softmax(x: JaxArray, axis?: number): JaxArray;
    logSoftmax(x: JaxArray, axis?: number): JaxArray;
    softplus(x: JaxArray): JaxArray;
    oneHot(x: JaxArray, classes: number): JaxArray;
    standardize(x: JaxArray, axis?: number, options?: { epsilon?: number }): JaxArray;
    dotProductAttention(q: JaxArray, k: JaxArray, v: JaxArray, options?: { isCausal?: boolean }): JaxArray;
  };
}
