// The gradients of a linear layer's weight and bias by one kernel, in every way of computing a product that can, at sizes
// around the edges of tiles, against exact sums of whole numbers.

import { describe, expect, test } from "vitest";
import { numel } from "../../src/core/shape.js";
import { cat, nn, optim, type Tensor, tensor } from "../../src/index.js";
import { NDArray } from "../../src/kernels/array.js";
import { matmul } from "../../src/kernels/matmul.js";
import { computeTogether } from "../../src/kernels/pointwise/together.js";
import { reduce } from "../../src/kernels/reduce.js";
import { imposing } from "../../src/kernels/variants/choice.js";
import { allFamilies, canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";
import { dispatchesOf } from "../dispatches.js";

const family = allFamilies().find(({ name }) => name === "matmul")!;
const device = await openDevice();
const runnable = family.variants.filter((variant) => canRun(variant, device));
const canSum = (name: string): boolean => /^(subgroups of|workgroup memory)/.test(name) && !name.includes("divided");

/** Whole numbers from -2 to 2. */
const whole = (rows: number, columns: number, factor: number): number[][] =>
  Array.from({ length: rows }, (_, i) =>
    Array.from({ length: columns }, (_, j) => (((i * columns + j) * factor + (i >> 2)) % 5) - 2),
  );

interface Layer {
  readonly layer: nn.Linear;
  readonly optimizer: optim.SGD;
}

/** A layer whose gradients have places beside each other, as an optimizer that has made a step gives them. */
function layerOf(features: number, out: number, bias = true): Layer {
  const layer = new nn.Linear(features, out, { bias });
  const optimizer = new optim.SGD([...layer.parameters()], { lr: 0 });
  layer
    .forward(tensor(whole(1, features, 1)))
    .sum()
    .backward();
  optimizer.step();
  optimizer.zeroGrad();
  return { layer, optimizer };
}

const sumOf = (rows: number[][]): number[] => rows[0]!.map((_, o) => rows.reduce((sum, row) => sum + row[o]!, 0));
const productOf = (dy: number[][], x: number[][]): number[][] =>
  dy[0]!.map((_, o) => x[0]!.map((_, i) => dy.reduce((sum, row, k) => sum + row[o]! * x[k]![i]!, 0)));

describe.each(runnable.map((variant) => [variant.name, variant] as const))("%s", (name, variant) => {
  test.each([
    [1, 1, 1],
    [16, 16, 16],
    [7, 33, 3],
    [64, 40, 130],
    [5, 66, 65],
    [130, 9, 129],
    [9, 130, 34],
  ])("a batch of %i, %i features to %i", async (batch, features, out) => {
    const { layer } = layerOf(features, out);
    const [x, dy] = [whole(batch, features, 3), whole(batch, out, 7)];
    const y = layer.forward(tensor(x));
    const upstream = tensor(dy);
    upstream.array.realize();
    const count = await dispatchesOf(() => imposing(device, "matmul", variant, () => y.backward(upstream)));
    expect(await layer.bias!.grad!.toArray()).toEqual(sumOf(dy));
    expect(await layer.weight.grad!.toArray()).toEqual(productOf(dy, x));
    if (canSum(name)) expect(count).toBe(1);
  });
});

describe("a product and sums that read other elements are computed apart", () => {
  const rows = whole(6, 4, 7);
  const [x, y] = [tensor(rows), tensor(whole(6, 5, 3))];
  const computed = async (product: NDArray, sums: NDArray): Promise<[unknown[], unknown[]]> => {
    const results = [product, sums].map(({ shape }) => NDArray.empty("float32", shape, device));
    computeTogether([product, sums].map((array, i) => ({ array, ...results[i]!.realize() })));
    const read = results.map(({ block, start, shape }) => device.read(block, start * 4, numel(shape), "float32"));
    const [first, second] = await Promise.all(read);
    return [[...first!], [...second!]];
  };
  const sumsOf = ({ array }: Tensor): NDArray => reduce("sum", array, [0], { shape: [4] });
  const flat = (of: number[][], by: number[][]): number[] => productOf(of, by).flat();

  test("of more rows, of fewer, and of other ones", async () => {
    const few = x.narrow(0, 0, 3);
    const [three, y3] = [rows.slice(0, 3), whole(6, 5, 3).slice(0, 3)];
    expect(await computed(matmul(few.T.array, y.narrow(0, 0, 3).array), sumsOf(x))).toEqual([
      flat(three, y3),
      sumOf(rows),
    ]);
    expect(await computed(matmul(x.T.array, y.array), sumsOf(few))).toEqual([flat(rows, whole(6, 5, 3)), sumOf(three)]);
    const last = x.narrow(0, 3, 3);
    expect(await computed(matmul(few.T.array, y.narrow(0, 0, 3).array), sumsOf(last))).toEqual([
      flat(three, y3),
      sumOf(rows.slice(3)),
    ]);
  });

  test("of one row for several columns of the other operand", async () => {
    const many = tensor(whole(1, 4, 7)).T.array.expand([2, 4, 1]);
    const [product, sums] = await computed(matmul(many, y.narrow(0, 0, 1).array), sumsOf(tensor(whole(1, 4, 7))));
    expect(product).toHaveLength(40);
    expect(sums).toEqual(whole(1, 4, 7)[0]);
  });

  test("for one piece of memory", async () => {
    const z = tensor(rows);
    const joined = cat([z.T.matmul(z), z.sum(0, { keepdim: true })], 0);
    expect(await joined.toArray()).toEqual([...productOf(rows, rows), sumOf(rows)]);
  });

  test("over many rows, which sums take in pieces", async () => {
    const [long, other] = [whole(1025, 4, 7), whole(1025, 5, 3)];
    const layer = layerOf(5, 4).layer;
    const z = layer.forward(tensor(other));
    expect(await dispatchesOf(() => z.backward(tensor(long)))).toBeGreaterThan(1);
    expect(await layer.bias!.grad!.toArray()).toEqual(sumOf(long));
  });
});

describe("what else can happen to the two", () => {
  const [x, dy] = [whole(6, 5, 3), whole(6, 4, 7)];
  const check = async ({ layer }: Pick<Layer, "layer">, times: number): Promise<void> => {
    expect(await layer.bias!.grad!.toArray()).toEqual(sumOf(dy).map((sum) => sum * times));
    expect(await layer.weight.grad!.toArray()).toEqual(productOf(dy, x).map((row) => row.map((sum) => sum * times)));
  };

  test("they are added to what is there", async () => {
    const one = layerOf(5, 4);
    for (let i = 0; i < 3; i++) one.layer.forward(tensor(x)).backward(tensor(dy));
    await check(one, 3);
  });

  test("a layer that is used twice", async () => {
    const one = layerOf(5, 4);
    const ys: Tensor[] = [one.layer.forward(tensor(x)), one.layer.forward(tensor(x))];
    ys[0]!.add(ys[1]!).backward(tensor(dy));
    await check(one, 2);
  });

  test("batches of several dimensions", async () => {
    const one = layerOf(5, 4);
    const y = one.layer.forward(tensor(x).reshape([2, 3, 5]));
    const upstream = tensor(dy).reshape([2, 3, 4]);
    expect(await dispatchesOf(() => y.backward(upstream))).toBe(1);
    await check(one, 1);
  });

  test("an upstream gradient that lies by columns, is the same everywhere, or begins in the middle", async () => {
    const byColumns = layerOf(5, 4);
    byColumns.layer.forward(tensor(x)).backward(tensor(dy).T.contiguous().T);
    await check(byColumns, 1);

    const later = layerOf(5, 4);
    const longer = tensor([...whole(2, 4, 1), ...dy]);
    later.layer.forward(tensor(x)).backward(longer.narrow(0, 2, 6));
    await check(later, 1);

    const same = layerOf(5, 4);
    same.layer.forward(tensor(x)).sum().backward();
    expect(await same.layer.bias!.grad!.toArray()).toEqual([6, 6, 6, 6]);
  });

  test("gradients that have no place beside each other yet", async () => {
    const layer = new nn.Linear(5, 4);
    const y = layer.forward(tensor(x));
    const upstream = tensor(dy);
    upstream.array.realize();
    expect(await dispatchesOf(() => y.backward(upstream))).toBe(1);
    await check({ layer }, 1);
  });

  test("only one of them is wanted", async () => {
    const one = layerOf(5, 4);
    one.layer.weight.requiresGrad_(false);
    one.layer.forward(tensor(x)).backward(tensor(dy));
    expect(await one.layer.bias!.grad!.toArray()).toEqual(sumOf(dy));

    const without = layerOf(5, 4, false);
    without.layer.forward(tensor(x)).backward(tensor(dy));
    expect(await without.layer.weight.grad!.toArray()).toEqual(productOf(dy, x));
  });

  test("a gradient of before that somebody still reads", async () => {
    const one = layerOf(5, 4);
    one.layer.forward(tensor(x)).backward(tensor(dy));
    const kept = one.layer.bias!.grad!.mul(2); // not computed yet
    one.optimizer.zeroGrad();
    one.layer.forward(tensor(x)).backward(tensor(dy).mul(3));
    await check(one, 3);
    expect(await kept.toArray()).toEqual(sumOf(dy).map((sum) => sum * 2));
  });
});
