// What a training loop hears when its data does not fit its model: the op, the shapes, and what to do about it.

import { beforeAll, describe, expect, test } from "vitest";
import {
  DTypeError,
  data,
  F,
  nn,
  OutOfRangeError,
  optim,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

interface Loop {
  readonly model: nn.Sequential;
  readonly losses: number[];
  run(dataset: data.DatasetLike, prepare?: (labels: Tensor) => Tensor): Promise<void>;
}

/** A classifier of 4 features and 3 classes, trained on 2 samples at a time. */
function trainingLoop(): Loop {
  const model = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear(8, 3));
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const losses: number[] = [];
  return {
    model,
    losses,
    async run(dataset, prepare = (labels) => labels) {
      for await (const [x, y] of new data.DataLoader(dataset, { batchSize: 2 })) {
        optimizer.zeroGrad();
        const loss = criterion.forward(model.forward(x as Tensor), prepare(y as Tensor));
        loss.backward();
        optimizer.step();
        losses.push(await loss.item());
      }
    },
  };
}

const features = (): Tensor => zeros([4, 4]);
const good = (): data.TensorDataset => new data.TensorDataset(features(), tensor(Int32Array.of(0, 1, 2, 0)));

test("labels outside the view that is used are not looked at", async () => {
  const labels = tensor(Int32Array.of(0, 1, 99)).narrow(0, 0, 2);
  expect(await F.crossEntropy(zeros([2, 2]), labels).item()).toBeCloseTo(Math.LN2, 6);
});

test("a dataset that fits trains", async () => {
  const loop = trainingLoop();
  await loop.run(good());
  expect(loop.losses).toHaveLength(2);
  expect(loop.losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
});

describe("a dataset is refused", () => {
  const ofLabels = (label: (index: number) => unknown): data.DatasetLike => ({
    length: 4,
    getItem: (index) => [new Float32Array(4), label(index)],
  });
  const castIt = 'the target must be class indices, int32: target.to("int32")';
  const cases: [string, () => data.DatasetLike, typeof DTypeError | typeof ShapeError, string][] = [
    [
      "whose labels came from plain numbers in a tensor",
      () => new data.TensorDataset(features(), tensor([0, 1, 2, 0])),
      DTypeError,
      `crossEntropy: the input is float32 [2, 3], the target float32 [2]; ${castIt}`,
    ],
    [
      "whose labels are fractions",
      () => ofLabels((index) => index / 2),
      DTypeError,
      `crossEntropy: the input is float32 [2, 3], the target float32 [2]; ${castIt}`,
    ],
    [
      "whose labels are one-hot, in whole numbers",
      () => ofLabels((index) => Int32Array.of(1 - (index % 2), index % 2, 0)), // as floats they are probabilities
      ShapeError,
      "crossEntropy: shapes [2, 3] and [2, 3] do not fit: the input is [N, C, ...] and the target [N, ...], which must be [2]",
    ],
    [
      "whose labels are bytes",
      () => new data.TensorDataset(features(), tensor(Uint8Array.of(0, 1, 2, 0))),
      DTypeError,
      `crossEntropy: the input is float32 [2, 3], the target uint8 [2]; ${castIt}`,
    ],
    [
      "whose labels have a dimension too many",
      () => ofLabels((index) => Int32Array.of(index % 3)),
      ShapeError,
      "crossEntropy: shapes [2, 3] and [2, 1] do not fit: the input is [N, C, ...] and the target [N, ...], which must be [2] (target.squeeze(1))",
    ],
    [
      "with another number of features",
      () => new data.TensorDataset(zeros([4, 5]), tensor(Int32Array.of(0, 1, 2, 0))),
      ShapeError,
      "linear: shapes [2, 5] and [8, 4] do not fit: x has 5 features, the weight takes 4",
    ],
    [
      "whose images were not flattened",
      () => new data.TensorDataset(zeros([4, 1, 2, 2]), tensor(Int32Array.of(0, 1, 2, 0))),
      ShapeError,
      "linear: shapes [2, 1, 2, 2] and [8, 4] do not fit: x has 2 features, the weight takes 4 (x.flatten(1))",
    ],
    [
      "whose samples differ in shape",
      () => ({ length: 4, getItem: (index) => [new Float32Array(4 + index), 0] }),
      ShapeError,
      "DataLoader: shapes [4] and [5] do not fit: samples differ in shape in field 0 (pad them, or pass a collateFn)",
    ],
    [
      "that forgets its labels",
      () => ofLabels(() => undefined),
      DTypeError,
      "DataLoader: sample 0 of the batch is undefined in field 1; does getItem return all its parts?",
    ],
  ];
  test.each(cases)("%s", async (_, dataset, kind, message) => {
    const loop = trainingLoop();
    const epoch = loop.run(dataset());
    await expect(epoch).rejects.toThrow(message);
    await expect(epoch).rejects.toBeInstanceOf(kind);
    expect(loop.losses).toEqual([]);
  });
});

describe("a label out of range", () => {
  const labels = (): data.TensorDataset => new data.TensorDataset(features(), tensor(Int32Array.of(0, 1, 2, 3)));

  test("is refused at once where the host knows it, and nothing was trained on it", async () => {
    const loop = trainingLoop();
    const epoch = loop.run(labels());
    await expect(epoch).rejects.toBeInstanceOf(OutOfRangeError);
    await expect(epoch).rejects.toThrow("crossEntropy: label 3 is out of range; with 3 classes, valid are 0 to 2");
    expect(loop.losses).toHaveLength(1); // the first batch was good
  });

  test("that only the GPU knows is refused at the next await", async () => {
    const loop = trainingLoop();
    const epoch = loop.run(labels(), (y) => y.add(0));
    await expect(epoch).rejects.toBeInstanceOf(OutOfRangeError);
    await expect(epoch).rejects.toThrow("crossEntropy of logits [2, 3]: index 3 is out of range; valid are 0 to 2");
    expect(loop.losses).toHaveLength(1);
    // The error was told once; the next readback is clean.
    await expect(features().sum().item()).resolves.toBe(0);
  });

  test("does not hide in a loss nobody reads", async () => {
    const loss = new nn.CrossEntropyLoss().forward(zeros([2, 3]), tensor(Int32Array.of(0, -1)).add(0));
    await expect(zeros([1]).add(1).item()).rejects.toThrow("crossEntropy of logits [2, 3]: index -1 is out of range");
    loss.dispose();
  });
});
