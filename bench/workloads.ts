// What is measured: operations and training steps at the sizes users meet.

import { F, nn, optim, randint, randn, type Tensor } from "tapegrad";

export interface Workload {
  readonly name: string;
  /** Floating-point operations of one run, where the count says something. */
  readonly flops?: number;
  /** Bytes that one run has to read and write at least. */
  readonly bytes?: number;
  /** Makes the inputs and returns one run of the work; its result is what the measurement waits for. */
  prepare(): () => Tensor;
}

export const workloads: readonly Workload[] = [
  matmul(256),
  matmul(512),
  matmul(255),
  {
    name: "conv2d N16 C32 28x28 K64 3x3 pad 1",
    flops: 2 * 16 * 64 * 28 * 28 * 32 * 9,
    prepare() {
      const [x, w] = [randn([16, 32, 28, 28]), randn([64, 32, 3, 3])];
      return () => F.conv2d(x, w, null, { padding: 1 });
    },
  },
  {
    name: "softmax [512, 1024]",
    bytes: 2 * 4 * 512 * 1024,
    prepare() {
      const x = randn([512, 1024]);
      return () => x.softmax(-1);
    },
  },
  {
    name: "sum of 4M elements",
    bytes: 4 * 2 ** 22,
    prepare() {
      const x = randn([2 ** 22]);
      return () => x.sum();
    },
  },
  {
    name: "ten pointwise operations on 1M elements",
    bytes: 2 * 4 * 2 ** 20,
    prepare() {
      const x = randn([2 ** 20]);
      return () => x.mul(2).add(1).tanh().mul(x).sub(3).abs().sqrt().neg().exp().add(x);
    },
  },
  {
    name: "200 chained adds on [32, 32], forward and backward",
    prepare() {
      const x = randn([32, 32], { requiresGrad: true });
      const dx = randn([32, 32]);
      return () => {
        x.grad = null;
        let y: Tensor = x;
        for (let i = 0; i < 200; i++) y = y.add(dx);
        y.sum().backward();
        return x.grad!;
      };
    },
  },
  {
    name: "training step, MLP 784-256-128-10, batch 64, SGD with momentum",
    prepare() {
      const model = new nn.Sequential(
        new nn.Linear(784, 256),
        new nn.ReLU(),
        new nn.Linear(256, 128),
        new nn.ReLU(),
        new nn.Linear(128, 10),
      );
      return trainingStep(model, new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 }), [64, 784]);
    },
  },
  {
    name: "training step, MNIST CNN, batch 32, Adam",
    prepare() {
      const model = new nn.Sequential(
        new nn.Conv2d(1, 16, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(16, 32, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(32 * 7 * 7, 64),
        new nn.ReLU(),
        new nn.Linear(64, 10),
      );
      return trainingStep(model, new optim.Adam(model.parameters(), { lr: 0.001 }), [32, 1, 28, 28]);
    },
  },
];

function matmul(size: number): Workload {
  return {
    name: `matmul ${size}`,
    flops: 2 * size ** 3,
    prepare() {
      const [a, b] = [randn([size, size]), randn([size, size])];
      return () => a.matmul(b);
    },
  };
}

function trainingStep(
  model: nn.Sequential,
  optimizer: Pick<optim.SGD, "zeroGrad" | "step">,
  shape: readonly number[],
): () => Tensor {
  const inputs = randn(shape);
  const labels = randint(0, 10, [shape[0]!]);
  return () => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(inputs), labels);
    loss.backward();
    optimizer.step();
    return loss;
  };
}
