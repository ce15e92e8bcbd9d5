// The part of TensorFlow.js 4.22 that the workloads use, declared here so that the project checks without the package.

export interface TfTensor {
  readonly shape: number[];
  data(): Promise<Float32Array | Int32Array>;
  dispose(): void;
  reshape(shape: number[]): TfTensor;
  add(other: TfTensor | number): TfTensor;
  sub(other: TfTensor | number): TfTensor;
  mul(other: TfTensor | number): TfTensor;
  tanh(): TfTensor;
  abs(): TfTensor;
  sqrt(): TfTensor;
  neg(): TfTensor;
  exp(): TfTensor;
  square(): TfTensor;
  rsqrt(): TfTensor;
  relu(): TfTensor;
  softmax(axis?: number): TfTensor;
  sum(axis?: number | number[], keepDims?: boolean): TfTensor;
  mean(axis?: number | number[], keepDims?: boolean): TfTensor;
  transpose(permutation?: number[]): TfTensor;
}

export interface TfVariable extends TfTensor {
  readonly name: string;
}

export interface TfOptimizer {
  minimize(loss: () => TfTensor, returnCost: boolean, variables: TfVariable[]): TfTensor | null;
  applyGradients(gradients: Record<string, TfTensor>): void;
}

interface FusedMatMul {
  readonly a: TfTensor;
  readonly b: TfTensor;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly bias?: TfTensor;
  readonly activation?: "linear" | "relu";
}

interface FusedConv2d {
  readonly x: TfTensor;
  readonly filter: TfTensor;
  readonly strides: number;
  readonly pad: number | "same" | "valid";
  readonly bias?: TfTensor;
  readonly activation?: "linear" | "relu";
}

type Padding = number | "same" | "valid";

export interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  env(): { set(flag: string, value: boolean): void };
  profile(body: () => void): Promise<{ peakBytes: number }>;
  memory(): { numBytes: number; numBytesInGPU?: number };
  version_core: string;
  tidy<T extends TfTensor | TfTensor[] | null>(body: () => T): T;
  tensor(values: Float32Array | Int32Array, shape: readonly number[], dtype?: "float32" | "int32"): TfTensor;
  variable(initial: TfTensor, trainable?: boolean, name?: string): TfVariable;
  slice(x: TfTensor, begin: number[], size: number[]): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;
  conv2d(x: TfTensor, filter: TfTensor, strides: number, pad: Padding): TfTensor;
  depthwiseConv2d(x: TfTensor, filter: TfTensor, strides: number, pad: Padding): TfTensor;
  moments(x: TfTensor, axes: number[]): { mean: TfTensor; variance: TfTensor };
  batchNorm(
    x: TfTensor,
    mean: TfTensor,
    variance: TfTensor,
    offset: TfTensor,
    scale: TfTensor,
    epsilon: number,
  ): TfTensor;
  maxPool(x: TfTensor, size: number, strides: number, pad: Padding): TfTensor;
  split(x: TfTensor, sections: number, axis: number): TfTensor[];
  gather(x: TfTensor, indices: TfTensor, axis?: number): TfTensor;
  softplus(x: TfTensor): TfTensor;
  grads(fn: (...inputs: TfTensor[]) => TfTensor): (inputs: TfTensor[]) => TfTensor[];
  valueAndGrads(
    fn: (...inputs: TfTensor[]) => TfTensor,
  ): (inputs: TfTensor[], dy?: TfTensor) => { value: TfTensor; grads: TfTensor[] };
  addN(tensors: TfTensor[]): TfTensor;
  losses: {
    softmaxCrossEntropy(labels: TfTensor, logits: TfTensor): TfTensor;
    sigmoidCrossEntropy(labels: TfTensor, logits: TfTensor): TfTensor;
  };
  fused: { matMul(options: FusedMatMul): TfTensor; conv2d(options: FusedConv2d): TfTensor };
  train: {
    sgd(lr: number): TfOptimizer;
    momentum(lr: number, momentum: number): TfOptimizer;
    adam(lr: number, beta1: number, beta2: number, epsilon: number): TfOptimizer;
  };
}
