// Programs of those who compile with exactOptionalPropertyTypes, as `tsc --init` of TypeScript 7 has it: what a class has
// fits what takes it. exact-options.test.ts compiles it so.

import { Checkpoint, currentDevice, data, F, type InitOptions, init, nn, optim, type Tensor } from "tapegrad";

class Rows extends data.Dataset<readonly [number[], number]> {
  getItem(index: number): readonly [number[], number] {
    return [[index, index], index % 2];
  }
  get length(): number {
    return 8;
  }
}

/** A stream, and an order, that may have a length. */
class Numbers {
  length: number | undefined;
  *[Symbol.iterator](): IterableIterator<number> {
    yield 1;
  }
}

const adapter: InitOptions = { adapter: process.env["TAPEGRAD_ADAPTER"] };
export const start = (): ReturnType<typeof init> => init(adapter);

export function loaders(x: Tensor): data.DataLoader<never>[] {
  const [rows, tensors] = [new Rows(), new data.TensorDataset(x)];
  const parts = data.randomSplit(rows, [0.5, 0.5]);
  const subset = new data.Subset(tensors, [0, 1]);
  const batches = new data.BatchSampler(new data.RandomSampler(rows), 2, false);
  const all = [
    new data.DataLoader(subset, { batchSize: 2 }),
    new data.DataLoader(new data.Subset(subset, [0])),
    new data.DataLoader(new data.ConcatDataset(parts)),
    new data.DataLoader(new data.ChainDataset([new Numbers()])),
    new data.DataLoader(new Numbers()),
    new data.DataLoader(rows, { sampler: new Numbers() }),
    new data.DataLoader(rows, { batchSampler: batches }),
    new data.DataLoader({ getItem: (index) => index, length: 3, getBatch: undefined }),
  ];
  return all as unknown as data.DataLoader<never>[];
}

export function steps(net: nn.Module): Checkpoint {
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.1 });
  const again = new optim.SGD(optimizer.paramGroups, { lr: 0.1 });
  const scheduler = new optim.lrScheduler.StepLR(again, 3);
  return new Checkpoint({ net: net.to(currentDevice()), optimizer, scheduler, generator: data.sampleGenerator() });
}

/** Layers' fields as arguments of the functions they call. */
export function layers(x: Tensor, labels: Tensor): Tensor[] {
  const [conv, norm, batch] = [new nn.Conv2d(1, 1, 1), new nn.LayerNorm(2), new nn.BatchNorm2d(1)];
  const { weight } = new nn.CrossEntropyLoss();
  const { runningMean, runningVar, momentum, eps, bias } = batch;
  return [
    F.conv2d(x, conv.weight, { bias: conv.bias }),
    F.layerNorm(x, [2], { weight: norm.weight, bias: norm.bias }),
    F.batchNorm(x, runningMean, runningVar, { weight: batch.weight, bias, momentum, eps }),
    F.crossEntropy(x, labels, { weight }),
  ];
}

/** Layers of whatever kind are called one after the other, as those of PyTorch's ModuleList are. */
export function through(layers: readonly nn.Module[], x: Tensor): Tensor {
  let y = x;
  for (const layer of layers) y = layer.forward(y);
  return y;
}
