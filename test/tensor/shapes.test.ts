// Shapes and views beyond PyTorch's samples: memory that is shared, sizes only the GPU knows, what is refused.

import { beforeAll, describe, expect, test } from "vitest";
import {
  arange,
  autograd,
  blockDiag,
  broadcastTensors,
  cat,
  columnStack,
  combinations,
  concat,
  constantPadNd,
  DTypeError,
  diagEmbed,
  diagonal,
  diagonalScatter,
  fliplr,
  fullLike,
  hsplit,
  hstack,
  kron,
  linspace,
  meshgrid,
  movedim,
  OutOfRangeError,
  ones,
  randintLike,
  randLike,
  repeatInterleave,
  roll,
  rot90,
  ShapeError,
  selectScatter,
  slice,
  sliceScatter,
  swapaxes,
  TapegradError,
  type Tensor,
  tensor,
  tensorSplit,
  unflatten,
  unfold,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { testRefusals } from "../refusals.js";

beforeAll(openDevice);

const square = (): Tensor => arange(9, { dtype: "float32" }).reshape([3, 3]).clone();
const onGpu = (value: number): Tensor => tensor(value - 1, { dtype: "int32" }).add(1); // the host does not know it

describe("a change of a view changes its base", () => {
  const views: Record<string, [view: (x: Tensor) => Tensor, changed: number[]]> = {
    "diagonal()": [(x) => diagonal(x), [0, 4, 8]],
    "diagonal() below": [(x) => diagonal(x, -1), [3, 7]],
    "movedim()": [(x) => movedim(x, 0, 1).select(0, 0), [0, 3, 6]],
    "unflatten()": [(x) => unflatten(x.view([9]), 0, [3, -1]).select(1, 2), [2, 5, 8]],
    "unfold() without overlap": [(x) => unfold(x.view([9]), 0, 2, 3), [0, 1, 3, 4, 6, 7]],
    "tensorSplit()": [(x) => tensorSplit(x, 2, 1)[1]!, [2, 5, 8]],
    "slice()": [(x) => slice(x, { dim: 1, start: -1 }), [2, 5, 8]],
    "mT and squeeze()": [(x) => x.mT.unsqueeze(0).squeeze({ dim: 0 }).select(0, 1), [1, 4, 7]],
  };

  test.each(Object.entries(views))("%s", async (_, [view, changed]) => {
    const x = square();
    view(x).fill_(-1);
    const wanted = Array.from({ length: 9 }, (_, i) => (changed.includes(i) ? -1 : i));
    expect([...(await x.data())]).toEqual(wanted);
  });

  test("copies do not: flip, tril, repeat, diag, roll, rot90", async () => {
    const copies = [
      square().flip([]),
      square().tril(3),
      square().repeat([1, 1]),
      square().diag(),
      roll(square(), 3, 0),
      rot90(square(), 0),
    ];
    for (const copy of copies) expect(copy.share).toBeUndefined();
    const [x, line] = [square(), tensor([1])];
    x.repeat([1, 1]).zero_();
    line.repeat([2]).zero_();
    x.diag().zero_();
    rot90(x, 4).zero_();
    expect(await x.sum().item()).toBe(36);
    expect(await line.item()).toBe(1);
  });

  test("not where windows overlap", () => {
    const windows = unfold(square(), 1, 2, 1);
    expect(() => windows.add_(1)).toThrow(
      "add_: shape [3, 2, 2]: several of its elements share memory (it was unfolded) (clone() it first)",
    );
    expect(() => ones([1]).expand([2]).add_(1)).toThrow("several of its elements share memory (it was expanded)");
  });

  test("also while the tape records", async () => {
    const w = square().requiresGrad_();
    const x = w.mul(1);
    diagonal(x).mul_(2);
    x.sum().backward();
    expect(await w.grad!.toArray()).toEqual([[2, 1, 1], [1, 2, 1], [1, 1, 2]]); // biome-ignore format: a matrix
  });
});

describe("narrow from where only the GPU knows", () => {
  test("picks elements; a negative start counts from the end", async () => {
    expect(await square().narrow(1, onGpu(1), 2).toArray()).toEqual(await square().narrow(1, 1, 2).toArray());
    expect(await square().narrow(0, onGpu(-2), 2).toArray()).toEqual(await square().narrow(0, 1, 2).toArray());
  });

  test("has the derivative of a slice", async () => {
    const x = square().requiresGrad_();
    expect(await autograd.gradcheck((x) => x.narrow(0, onGpu(1), 2).square(), [x])).toBe(true);
    expect(await autograd.gradgradcheck((x) => x.narrow(0, onGpu(1), 2).square(), [x])).toBe(true);
  });

  test("reports what lies outside at the next reading", async () => {
    await expect(square().narrow(0, onGpu(2), 2).data()).rejects.toThrow(
      "narrow along dimension 0 of shape [3, 3]: index 3 is out of range",
    );
  });
});

describe("long ranges are computed on the GPU", () => {
  test("whole numbers exactly", async () => {
    const n = 100_000;
    const x = await arange(-7, -7 + 3 * n, 3).data();
    expect(x).toEqual(Int32Array.from({ length: n }, (_, i) => 3 * i - 7));
    const far = 2 ** 31 - 1;
    expect((await arange(far - n, far).data()).at(-1)).toBe(far - 1);
  });

  test("floats to a few units in the last place, both ends exactly", async () => {
    const n = 50_000;
    const x = await arange(0, n / 10, 0.1).data();
    x.forEach((value: number, i: number) => {
      if (Math.abs(value - i / 10) > 1e-6 * Math.max(i / 10, 1)) expect(value).toBe(i / 10);
    });
    const spaced = await linspace(-1, 1, n).data();
    expect([spaced[0], spaced.at(-1)]).toEqual([-1, 1]);
  });
});

test("flip of what was not computed yet, in any dimension, of sizes that vectors do not divide", async () => {
  for (const shape of [[5], [4, 6], [3, 5, 7], [2, 4, 8]]) {
    const count = shape.reduce((a, b) => a * b);
    for (let d = 0; d < shape.length; d++) {
      const x = arange(count, { dtype: "float32" }).reshape(shape);
      const wanted = cat(
        x
          .unbind(d)
          .reverse()
          .map((part) => part.unsqueeze(d)),
        d,
      );
      expect(await x.add(1).flip([d]).data()).toEqual(await wanted.add(1).data());
    }
  }
});

test("unfold adds up gradients where windows overlap, and leaves gaps at 0", async () => {
  const grad = async (size: number, step: number): Promise<number[]> => {
    const x = zeros([7]).requiresGrad_();
    unfold(x, 0, size, step).sum().backward();
    return [...(await x.grad!.data())];
  };
  expect(await grad(3, 1)).toEqual([1, 2, 3, 3, 3, 2, 1]);
  expect(await grad(2, 3)).toEqual([1, 1, 0, 1, 1, 0, 0]);
  expect(await grad(7, 5)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  expect(await grad(4, 2)).toEqual([1, 1, 2, 2, 1, 1, 0]);
});

test("triangles and placed tensors hide NaN and infinity, forward and backward", async () => {
  const x = tensor([
    [1, Number.NaN],
    [2, Number.POSITIVE_INFINITY],
  ]).requiresGrad_();
  expect(await x.tril(-1).toArray()).toEqual([
    [0, 0],
    [2, 0],
  ]);
  const y = selectScatter(x, zeros([2]), 1, 1);
  expect(await y.toArray()).toEqual([
    [1, 0],
    [2, 0],
  ]);
  y.sum().backward();
  expect(await x.grad!.toArray()).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

test("the dtype of what is filled or drawn like a tensor is the tensor's", async () => {
  const x = zeros([2], { dtype: "int32" });
  expect(await fullLike(x, 2.7).toArray()).toEqual([2, 2]);
  expect((await fullLike(x, true, { dtype: "bool" }).data())[1]).toBe(1);
  expect(randintLike(x, 3, 9).dtype).toBe("int32");
  expect(x.newOnes([3]).dtype).toBe("int32");
  expect(randLike(zeros([3])).shape).toEqual([3]);
});

test("aliases", async () => {
  expect(await concat([ones([1]), zeros([1])], { dim: 0 }).toArray()).toEqual([1, 0]);
  expect(swapaxes(zeros([2, 3]), 0, -1).shape).toEqual([3, 2]);
});

testRefusals([
  [() => zeros([2, 3]).view([4]), ShapeError, "view: shape [2, 3]: 6 elements cannot take shape [4]"],
  [
    () => zeros([2, 3]).T.viewAs(zeros([6])),
    ShapeError,
    "viewAs: shape [3, 2]: its elements are not in an order that [6] could be a view of (reshape() copies them)",
  ],
  [
    () => (zeros([2]) as unknown as Loose).repeat(2, 3),
    TapegradError,
    "repeat: takes one array, got 2: use repeat([2, ...])",
  ],
  [
    () => zeros([2, 3]).repeat([2]),
    ShapeError,
    "repeat: shape [2, 3]: 1 repeats for 2 dimensions (give one for each, those of added dimensions first)",
  ],
  [
    () => zeros([2, 2, 2]).t(),
    ShapeError,
    "t: shape [2, 2, 2]: takes a matrix, a vector or a scalar (mT transposes batches)",
  ],
  [() => zeros([2]).tril(), ShapeError, "tril: shape [2]: takes a matrix, or a batch of them"],
  [() => zeros([2, 2]).triu(0.5), OutOfRangeError, "triu: diagonal must be a whole number, got 0.5"],
  [() => zeros([2, 2]).flip([0, 0]), OutOfRangeError, "flip: dimensions [0, 0] name one dimension twice"],
  [() => zeros([]).unbind(), ShapeError, "unbind: shape []: there is no dimension to cut (unsqueeze(0) adds one)"],
  [
    () => zeros([3]).narrow(0, tensor(1), 1),
    DTypeError,
    "narrow: start must be an int32 tensor without dimensions, got float32 []",
  ],
  [
    () => diagonal(zeros([2, 2]), { dim1: 1, dim2: -1 }),
    OutOfRangeError,
    "diagonal: dim1 and dim2 are both dimension 1 of shape [2, 2]",
  ],
  [
    () => unfold(zeros([2]), 0, 3, 1),
    ShapeError,
    "unfold: shape [2]: a window of 3 does not fit into dimension 0 of 2",
  ],
  [
    () => movedim(zeros([2, 3]), [0, 1], [1, 1]),
    OutOfRangeError,
    "movedim: dimensions [1, 1] name one dimension twice",
  ],
  [
    () => hsplit(zeros([5]), 2),
    ShapeError,
    "hsplit: shape [5]: dimension 0 of 5 cannot be cut into 2 equal pieces (tensorSplit() makes them differ by 1)",
  ],
  [
    () => (hstack as LooseFunction)(zeros([2]), zeros([2])),
    TapegradError,
    "hstack: takes one array of tensors, got a tensor [2]: use hstack([a, b, ...])",
  ],
  [() => columnStack([]), ShapeError, "cat: needs at least one tensor"],
  [() => blockDiag(zeros([1, 1, 1])), ShapeError, "blockDiag: shape [1, 1, 1]: takes matrices, vectors and scalars"],
  [() => (blockDiag as LooseFunction)(zeros([1]), 2), TapegradError, "blockDiag: takes tensors, got 2: use tensor(2)"],
  [
    () => broadcastTensors(zeros([2]), zeros([3])),
    ShapeError,
    "broadcastTensors: shapes [2] and [3] do not fit: dimension -1 is 2 vs 3, and neither is 1",
  ],
  [
    () => meshgrid([ones([2]), ones([2], { dtype: "int32" })]),
    DTypeError,
    "meshgrid: takes one dtype, got float32 and int32",
  ],
  [() => roll(zeros([2, 3]), [1, 2], 1), ShapeError, "roll: shape [2, 3]: 2 shifts for 1 dimensions"],
  [
    () => rot90(zeros([2, 3]), 1, [0, 0]),
    ShapeError,
    "rot90: shape [2, 3]: dims must be two of its dimensions, got [0, 0]",
  ],
  [() => fliplr(zeros([2])), ShapeError, "fliplr: shape [2]: needs two dimensions at least (flipud() flips a vector)"],
  [
    () => sliceScatter(zeros([4]), ones([2]), { start: 3 }),
    ShapeError,
    "sliceScatter: shapes [4] and [2] do not fit: src must have the shape of what it replaces, [1]",
  ],
  [
    () => diagonalScatter(zeros([2, 2]), ones([1])),
    ShapeError,
    "diagonalScatter: shapes [2, 2] and [1] do not fit: src must have the shape of what it replaces, [2]",
  ],
  [
    () => repeatInterleave(zeros([3]), [1, 2], 0),
    ShapeError,
    "repeatInterleave: shape [3]: dimension 0 of 3 needs 3 repeats, or one, and got 2",
  ],
  [() => combinations(zeros([2, 2])), ShapeError, "combinations: shape [2, 2]: takes a vector"],
  [() => diagEmbed(zeros([])), ShapeError, "diagEmbed: shape []: needs a dimension (unsqueeze(0) adds one)"],
  [
    () => constantPadNd(zeros([2]), [1]),
    ShapeError,
    "constantPadNd: shape [2]: pad must be two numbers for each of at most 1 dimensions, got [1]",
  ],
  [() => (kron as LooseFunction)(zeros([2]), [1]), TapegradError, "kron: takes a tensor, got [1]: use tensor([1])"],
  [() => zeros([2, 3]).sumToSize([2]), ShapeError, "sumToSize: shape [2, 3]: [2] does not broadcast to it"],
  [
    () => zeros([2, 3]).broadcastTo([3, 3]),
    ShapeError,
    "broadcastTo: shape [2, 3]: only dimensions of size 1 can grow, and [3, 3] asks for more",
  ],
  [
    () => randLike(zeros([2], { dtype: "int32" })),
    DTypeError,
    'randLike: draws floats, and the dtype is int32: use randint(), or { dtype: "float32" }',
  ],
]);

interface Loose {
  repeat(...sizes: number[]): Tensor;
}
type LooseFunction = (...args: unknown[]) => unknown;
