// What bad input to tensors is told: the op, every shape, what disagrees, and the fix.

import { beforeAll, describe, expect, test } from "vitest";
import * as tapegrad from "../../src/index.js";
import { DTypeError, OutOfRangeError, ShapeError, TapegradError, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { type Refusals, testRefusals } from "../refusals.js";

beforeAll(openDevice);

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse
const loose = tapegrad as any;
const {
  arange,
  bitwiseAnd,
  cat,
  empty,
  eye,
  full,
  linspace,
  ones,
  rand,
  randint,
  randn,
  randperm,
  stack,
  where,
  zeros,
} = loose;
const make = loose.tensor;
const ints = (...values: number[]) => make(values, { dtype: "int32" });
const bools = () => tensor([true, false]);
const DTYPES = "dtypes are bool, uint8, int32, float16, float32";

const OBJECT = "takes optional arguments in an object, such as { name: value }, got";
const y = () => ones([2, 2]);
const byPosition: readonly (readonly [call: () => unknown, op: string, got: unknown])[] = [
  [() => y().sum(0, true), "sum", true],
  [() => y().prod(0, true), "prod", true],
  [() => y().mean(0, true), "mean", true],
  [() => y().amax(0, true), "amax", true],
  [() => y().amin(0, true), "amin", true],
  [() => y().max(0, true), "max", true],
  [() => y().min(0, true), "min", true],
  [() => y().argmax(0, true), "argmax", true],
  [() => y().argmin(0, true), "argmin", true],
  [() => y().var(1, false), "var", false],
  [() => y().std(1, false), "std", false],
  [() => y().norm(2, 1), "norm", 1],
  [() => y().logsumexp(1, true), "logsumexp", true],
  [() => y().all(0, true), "all", true],
  [() => y().any(0, true), "any", true],
  [() => y().sort(1, true), "sort", true],
  [() => y().argsort(1, true), "argsort", true],
  [() => y().topk(2, 1, false), "topk", false],
  [() => y().softmax(1, "float32"), "softmax", '"float32"'],
  [() => loose.median(y(), 0, true), "median", true],
  [() => loose.mode(y(), 0, true), "mode", true],
  [() => loose.quantile(y(), 0.5, 0), "quantile", 0],
  [() => loose.F.gelu(y(), "tanh"), "gelu", '"tanh"'],
  [() => loose.F.conv2d(ones([1, 2, 2]), ones([1, 1, 1, 1]), null, 2), "conv2d", 2],
  [() => loose.F.convTranspose2d(ones([1, 2, 2]), ones([1, 1, 1, 1]), null, 2), "convTranspose2d", 2],
  [() => y().sum().requiresGrad_().backward(null, true), "backward", true],
];

const tables: Record<string, Refusals> = {
  "more numbers than a tensor holds": [
    [
      () => arange(0, 1e12),
      OutOfRangeError,
      "arange: 1000000000000 numbers are more than a tensor can hold (2147483647)",
    ],
    [
      () => linspace(0, 1, 2 ** 31),
      OutOfRangeError,
      "linspace: 2147483648 numbers are more than a tensor can hold (2147483647)",
    ],
  ],
  "optional arguments by position": byPosition.map(([call, op, got]) => [
    call,
    TapegradError,
    `${op}: ${OBJECT} ${got}`,
  ]),
  "a dtype that does not exist": [
    [
      () => zeros([2], { dtype: "float64" }),
      DTypeError,
      `zeros: there is no dtype "float64", use "float32"; ${DTYPES}`,
    ],
    [() => ones([2], { dtype: "int64" }), DTypeError, `ones: there is no dtype "int64", use "int32"; ${DTYPES}`],
    [() => empty([2], { dtype: "long" }), DTypeError, `empty: there is no dtype "long"; ${DTYPES}`],
    [() => make([2], { dtype: "int64" }), DTypeError, `tensor: there is no dtype "int64", use "int32"; ${DTYPES}`],
    [() => rand([2], { dtype: "float64" }), DTypeError, `rand: there is no dtype "float64", use "float32"; ${DTYPES}`],
    [
      () => randint(9, [2], { dtype: "int64" }),
      DTypeError,
      `randint: there is no dtype "int64", use "int32"; ${DTYPES}`,
    ],
    [() => eye(2, 2, { dtype: "float64" }), DTypeError, `eye: there is no dtype "float64", use "float32"; ${DTYPES}`],
    [() => arange(3, { dtype: "int64" }), DTypeError, `arange: there is no dtype "int64", use "int32"; ${DTYPES}`],
    [
      () => linspace(0, 1, 3, { dtype: "int64" }),
      DTypeError,
      `linspace: there is no dtype "int64", use "int32"; ${DTYPES}`,
    ],
    [() => ones([2]).to("float64"), DTypeError, `to: there is no dtype "float64", use "float32"; ${DTYPES}`],
    [() => ones([2]).to(), DTypeError, `to: there is no dtype undefined; ${DTYPES}`],
    [
      () => ones([2]).to("cpu"),
      tapegrad.DeviceError,
      'to: there is no device "cpu": tensors stay on the GPU, and await x.data() reads them',
    ],
  ],
  "data that is not numbers": [
    [() => make(null), DTypeError, "tensor: takes numbers and booleans, got null"],
    [() => make(), DTypeError, "tensor: takes numbers and booleans, got undefined"],
    [() => make([1, null]), DTypeError, "tensor: takes numbers and booleans, got null"],
    [() => make({ a: 1 }), DTypeError, "tensor: takes numbers and booleans, got an object (Object)"],
    [() => make(() => 1), DTypeError, "tensor: takes numbers and booleans, got a function"],
    [() => make(new ArrayBuffer(4)), DTypeError, "tensor: takes numbers and booleans, got an object (ArrayBuffer)"],
    [
      () => make([ones([2]), ones([2])]),
      DTypeError,
      "tensor: takes numbers and booleans, got a tensor [2]; use stack() for several, clone() for one",
    ],
    [
      () => make([Float32Array.of(1, 2), Float32Array.of(1)]),
      ShapeError,
      "tensor: shape [2, 2]: an array at depth 1 has 1 elements where another has 2 (all rows must have the same length)",
    ],
    [
      () => make([Float32Array.of(1, 2), 3]),
      ShapeError,
      "tensor: shape [2, 2]: a number stands at depth 1 where an array was expected",
    ],
    [
      () => make([[[1]], Float32Array.of(1)]),
      ShapeError,
      "tensor: shape [2, 1, 1]: a number stands at depth 2 where an array was expected",
    ],
  ],
  "sizes one by one": [
    [() => zeros(2, 3), TapegradError, "zeros: takes one array, got 2: use zeros([2, 3])"],
    [() => ones(2), TapegradError, "ones: takes one array, got 2: use ones([2])"],
    [() => full(2, 7), TapegradError, "full: takes one array, got 2: use full([2])"],
    [() => empty(2, 3), TapegradError, "empty: takes one array, got 2: use empty([2, 3])"],
    [() => randn(2, 3), TapegradError, "randn: takes one array, got 2: use randn([2, 3])"],
    [() => zeros(), TapegradError, "zeros: takes one array, got undefined"],
    [() => ones([12]).reshape(4, 3), TapegradError, "reshape: takes one array, got 4: use reshape([4, ...])"],
    [() => ones([1]).expand(4, 3), TapegradError, "expand: takes one array, got 4: use expand([4, ...])"],
    [() => ones([2, 3]).permute(1, 0), TapegradError, "permute: takes one array, got 1: use permute([1, ...])"],
  ],
  "sizes and steps that count nothing": [
    [() => zeros([2, -1]), ShapeError, "zeros: shape [2, -1]: sizes must be whole numbers from 0 on"],
    [() => rand([2.5]), ShapeError, "rand: shape [2.5]: sizes must be whole numbers from 0 on"],
    [() => randint(5, [-1]), ShapeError, "randint: shape [-1]: sizes must be whole numbers from 0 on"],
    [() => randint(3, 3, [1]), OutOfRangeError, "randint: high must be above low, got 3 and 3"],
    [() => arange(0, 5, 0), OutOfRangeError, "arange: a step of 0 does not lead from 0 to 5"],
    [() => arange(5, 0), OutOfRangeError, "arange: a step of 1 does not lead from 5 to 0"],
    [() => linspace(0, 1, 2.5), OutOfRangeError, "linspace: steps must be a whole number from 0 on, got 2.5"],
    [() => eye(-1), OutOfRangeError, "eye: n must be a whole number from 0 on, got -1"],
    [() => randperm(2.5), OutOfRangeError, "randperm: n must be a whole number from 0 on, got 2.5"],
  ],
  "operands that are not tensors": [
    [() => ones([2]).add([1, 2]), TapegradError, "add: takes tensors and numbers, got [1, 2]: use tensor([1, 2])"],
    [() => ones([2]).add("1"), TapegradError, 'add: takes tensors and numbers, got "1"'],
    [() => ones([2]).add(), TapegradError, "add: takes tensors and numbers, got undefined"],
    [
      () => ones([2]).mul([1, 2, 3, 4]),
      TapegradError,
      "mul: takes tensors and numbers, got [1, 2, 3, ...]: use tensor([1, 2, 3, ...])",
    ],
    [
      () => ones([2]).sub_(Float32Array.of(1, 2)),
      TapegradError,
      "sub_: takes tensors and numbers, got an object (Float32Array): use tensor(...)",
    ],
    [() => ones([2]).matmul([1, 2]), TapegradError, "matmul: takes a tensor, got [1, 2]: use tensor([1, 2])"],
    [() => where(1, ones([2]), 0), TapegradError, "where: takes a tensor, got 1: use tensor(1)"],
    [
      () => cat(ones([2]), ones([2])),
      TapegradError,
      "cat: takes one array of tensors, got a tensor [2]: use cat([a, b, ...])",
    ],
    [() => stack([ones([2]), 3]), TapegradError, "stack: takes a tensor, got 3: use tensor(3)"],
    [() => ones([2]).scatterAdd(0, ints(0), 1), TapegradError, "scatterAdd: takes a tensor, got 1: use tensor(1)"],
    [() => ones([2]).indexAdd(0, ints(0), [1]), TapegradError, "indexAdd: takes a tensor, got [1]: use tensor([1])"],
  ],
  "dtypes an op has no meaning for": [
    [() => where(ones([2]), 1, 0), DTypeError, "where: the condition is float32 and must be bool: condition.ne(0)"],
    [() => bools().neg(), DTypeError, "neg: has no meaning for bools; use x.logicalNot()"],
    [() => bools().sub(bools()), DTypeError, "sub: has no meaning for bools; use a.logicalXor(b)"],
    [() => bools().remainder(bools()), DTypeError, 'remainder: has no meaning for bools; use x.to("int32")'],
    [
      () => bitwiseAnd(ones([2]), 1),
      DTypeError,
      'bitwiseAnd: is for integers, and the operands are float32: use to("int32")',
    ],
    [() => bools().relu(), DTypeError, 'relu: has no meaning for bools; use x.to("int32")'],
    [() => bools().floorDivide(bools()), DTypeError, 'floorDivide: has no meaning for bools; use x.to("int32")'],
    [() => bools().remainder(bools()), DTypeError, 'remainder: has no meaning for bools; use x.to("int32")'],
    [() => bools().argmax(), DTypeError, 'argmax: has no meaning for bools; use x.to("uint8")'],
    [() => arange(3).std(), DTypeError, 'std: x is int32, and must be float32 or float16: use to("float32")'],
    [() => arange(3).var(0), DTypeError, 'var: x is int32, and must be float32 or float16: use to("float32")'],
  ],
  "shapes that do not fit": [
    [
      () => ones([4, 2, 3]).matmul(ones([3, 3, 2])),
      ShapeError,
      "matmul: shapes [4, 2, 3] and [3, 3, 2] do not fit: dimension -3 is 4 vs 3, and neither is 1",
    ],
    [
      () => ones([4]).matmul(ones([3])),
      ShapeError,
      "matmul: shapes [4] and [3] do not fit: inner dimensions are 4 vs 3",
    ],
    [
      () => ones([4]).matmul(ones([3, 4])),
      ShapeError,
      "matmul: shapes [4] and [3, 4] do not fit: inner dimensions are 4 vs 3 (transpose the second: b.mT)",
    ],
    [
      () => ones([3, 1]).matmul(ones([3])),
      ShapeError,
      "matmul: shapes [3, 1] and [3] do not fit: inner dimensions are 1 vs 3 (transpose the first: a.mT)",
    ],
    [
      () => ones([]).matmul(ones([3])),
      ShapeError,
      "matmul: shapes [] and [3] do not fit: both operands need at least one dimension (multiply by a scalar with mul())",
    ],
    [
      () => ones([2, 3, 4]).mm(ones([4, 2])),
      ShapeError,
      "mm: shapes [2, 3, 4] and [4, 2] do not fit: both operands must be matrices (matmul() takes vectors and batches)",
    ],
    [
      () => ones([3, 4]).mm(ones([3, 4])),
      ShapeError,
      "mm: shapes [3, 4] and [3, 4] do not fit: inner dimensions are 4 vs 3 (transpose the second: b.mT)",
    ],
    [
      () => cat([ones([]), ones([])]),
      ShapeError,
      "cat: shapes [] and [] do not fit: a tensor without dimensions cannot be joined (stack() adds one)",
    ],
    [() => zeros([0]).max(), ShapeError, "max: shape [0]: there is nothing to choose from along an empty dimension"],
    [() => zeros([0, 2]).min(0), ShapeError, "min: shape [0, 2]: dimension 0 is empty"],
  ],
  "indices that point nowhere": [
    [
      () => ones([4, 3]).gather(1, ints(0, 7).reshape([2, 1])),
      OutOfRangeError,
      "gather: index 7 is out of range for dimension 1 of shape [4, 3]; valid are 0 to 2",
    ],
    [
      () => ones([4, 3]).scatterAdd(1, ints(7).reshape([1, 1]), ones([1, 1])),
      OutOfRangeError,
      "scatterAdd: index 7 is out of range for dimension 1 of shape [4, 3]; valid are 0 to 2",
    ],
    [
      () => ones([2, 3, 4]).index(0, 5),
      OutOfRangeError,
      "index: index 5 is out of range for dimension 1 of shape [2, 3, 4]; valid are -3 to 2",
    ],
    [
      () => ones([2, 3]).index(null, ints(0), 3),
      OutOfRangeError,
      "index: index 3 is out of range for dimension 1 of shape [2, 3]; valid are -3 to 2",
    ],
    [
      () => ones([3, 3]).index(arange(3), arange(2)),
      ShapeError,
      "index: shapes [3] and [2] do not fit: dimension -1 is 3 vs 2, and neither is 1",
    ],
    [
      () => ones([3, 4]).index([0, 2], [1, 4]),
      OutOfRangeError,
      "index: index 4 is out of range for dimension 1 of shape [3, 4]; valid are -4 to 3",
    ],
    [
      () => ones([3]).index([true, false]),
      ShapeError,
      "index: shapes [3] and [2] do not fit: the mask has 2 elements along its dimension 0, and the tensor 3 along dimension 0",
    ],
    [
      () => ones([3]).index(tensor([0.5])),
      DTypeError,
      'index: the index is float32 and must be int32 or bool: index.to("int32")',
    ],
    [
      () => ones([3]).index("0"),
      TapegradError,
      'index: takes numbers, slice(), null, ellipsis, booleans, lists and tensors, got "0"',
    ],
  ],
};

for (const [name, table] of Object.entries(tables)) describe(name, () => testRefusals(table));

test("typed arrays are rows, and keep their dtype where they agree", async () => {
  const rows = make([Float32Array.of(1, 2), Float32Array.of(3, 4)]);
  expect([rows.dtype, await rows.toArray()]).toEqual([
    "float32",
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  const bytes = make([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]);
  expect([bytes.dtype, bytes.shape]).toEqual(["uint8", [2, 2]]);
  const mixed = make([Int32Array.of(1, 2), [0.5, 4]]);
  expect([mixed.dtype, await mixed.toArray()]).toEqual([
    "float32",
    [
      [1, 2],
      [0.5, 4],
    ],
  ]);
  expect(make(BigUint64Array.of(7n)).dtype).toBe("int32");
});

test("an index of numbers, new dimensions and a tensor counts the result's dimensions", async () => {
  const x = arange(24).reshape([2, 3, 4]);
  expect(await x.index(1, null, 2, ints(0, 3)).toArray()).toEqual([[20, 23]]); // 12 + 8 + 0, and + 3
});

test("what is internal is not exported", () => {
  for (const name of ["convert", "fromHost", "defaultGenerator", "formatShape"]) expect(name in tapegrad).toBe(false);
});
