// Samples made batches: dtypes and shapes of the fields, and samples that do not fit each other.

import { beforeAll, describe, expect, test } from "vitest";
import { type DType, DTypeError, data, ShapeError, Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** The one batch of these samples, as the loop gets it. */
async function batchOf(samples: readonly unknown[]): Promise<unknown> {
  const dataset = { length: samples.length, getItem: (index: number) => samples[index] };
  for await (const batch of new data.DataLoader(dataset, { batchSize: samples.length })) return batch;
}

const view = (): Tensor => tensor([[1, 3, 5], [2, 4, 6]]).T.narrow(0, 1, 2); // biome-ignore format: [[3, 4], [5, 6]]

// biome-ignore format: one line per case
const fields: [name: string, samples: () => readonly unknown[], dtype: DType, wanted: unknown][] = [
  ["whole numbers is class labels", () => [3, 0, 9], "int32", [3, 0, 9]],
  ["whole numbers may be negative", () => [-100, 2 ** 31 - 1], "int32", [-100, 2 ** 31 - 1]],
  ["fractions is values", () => [0.5, 1.25], "float32", [0.5, 1.25]],
  ["fractions and whole numbers is values", () => [1, 2.5], "float32", [1, 2.5]],
  ["numbers too large for int32 is values", () => [1, 2 ** 31], "float32", [1, 2 ** 31]],
  ["NaN is values", () => [1, Number.NaN], "float32", [1, Number.NaN]],
  ["booleans is bool", () => [true, false], "bool", [1, 0]],
  ["arrays is float32, whole numbers or not", () => [[1, 2], [3, 4]], "float32", [[1, 2], [3, 4]]],
  ["nested arrays has their dimensions", () => [[[1], [2]], [[3], [4.5]]], "float32", [[[1], [2]], [[3], [4.5]]]],
  ["Float32Array keeps its type", () => [Float32Array.of(1, 2), Float32Array.of(3, 4)], "float32", [[1, 2], [3, 4]]],
  ["Float64Array is float32", () => [Float64Array.of(0.5)], "float32", [[0.5]]],
  ["Int32Array keeps its type", () => [Int32Array.of(1, 2), Int32Array.of(3, 4)], "int32", [[1, 2], [3, 4]]],
  ["Uint8Array keeps its type", () => [Uint8Array.of(1), Uint8Array.of(255)], "uint8", [[1], [255]]],
  ["empty arrays has no elements", () => [new Float32Array(), new Float32Array()], "float32", [[], []]],
  ["tensors keeps their type", () => [tensor(Int32Array.of(1)), tensor(Int32Array.of(2))], "int32", [[1], [2]]],
  ["tensors without dimensions has one", () => [tensor(1), tensor(2)], "float32", [1, 2]],
  ["tensors that the GPU computed", () => [zeros([2]).add(1), tensor([1, 2]).mul(2)], "float32", [[1, 1], [2, 4]]],
  ["views", () => [view(), view()], "float32", [[[3, 4], [5, 6]], [[3, 4], [5, 6]]]],
  ["a typed array and a tensor", () => [Float32Array.of(1), tensor([2])], "float32", [[1], [2]]],
  // PyTorch's promotion: nothing is cut off to fit the first sample.
  ["two types takes the wider", () => [Uint8Array.of(200), Float32Array.of(0.5)], "float32", [[200], [0.5]]],
  ["numbers and tensors of numbers", () => [1, tensor(2.5)], "float32", [1, 2.5]],
];

describe("a field of", () => {
  test.each(fields)("%s", async (_, samples, dtype, wanted) => {
    // A tuple with this field, since an array by itself is taken for a tuple.
    const [field, other] = (await batchOf(samples().map((sample) => [sample, 7]))) as [Tensor, Tensor];
    expect([field.dtype, await field.toArray()]).toEqual([dtype, wanted]);
    expect(await other.toArray()).toEqual(samples().map(() => 7));
  });
});

describe("a field of plain numbers, batch by batch,", () => {
  const dtypes = async (values: readonly number[], epochs = 1): Promise<DType[]> => {
    const loader = new data.DataLoader({ length: values.length, getItem: (i: number) => [[i], values[i]!] as const });
    const seen: DType[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) for await (const [, y] of loader) seen.push(y.dtype);
    return seen;
  };

  test("stays float32 once it had fractions", async () => {
    expect(await dtypes([0.5, 1, 1.5, 2])).toEqual(["float32", "float32", "float32", "float32"]);
    expect(await dtypes([0.5, 1], 2)).toEqual(["float32", "float32", "float32", "float32"]);
  });

  test("stays int32 while it has none", async () => {
    expect(await dtypes([2, 1, 0], 2)).toEqual(["int32", "int32", "int32", "int32", "int32", "int32"]);
  });

  test("is refused where fractions follow whole numbers, with the way out", async () => {
    await expect(dtypes([0, 0.5])).rejects.toThrow(DTypeError);
    await expect(dtypes([0, 0.5])).rejects.toThrow(
      "DataLoader: a sample is 0.5 in field 1, and the batches before had whole numbers alone, which were taken for int32 " +
        "labels; for values to predict, return tensor(value) from getItem",
    );
    const values = { length: 4, getItem: (i: number) => tensor(i / 2) };
    for await (const y of new data.DataLoader(values)) expect([y.dtype, y.shape]).toEqual(["float32", [1]]);
  });
});

describe("samples", () => {
  test("of one field give a tensor", async () => {
    for (const samples of [
      [1, 2],
      [Float32Array.of(1), Float32Array.of(2)],
      [tensor([1]), tensor([2])],
    ]) {
      const batch = await batchOf(samples);
      expect(batch).toBeInstanceOf(Tensor);
      expect((batch as Tensor).shape[0]).toBe(2);
    }
  });

  test("that are tuples give a tuple", async () => {
    const batch = (await batchOf([[[1, 2], 0], [[3, 4], 1]])) as Tensor[]; // biome-ignore format: two samples
    expect(batch.map(({ shape, dtype }) => [shape, dtype])).toEqual([
      [[2, 2], "float32"],
      [[2], "int32"],
    ]);
  });

  test("that are objects give an object, typed by field", async () => {
    class Points extends data.Dataset<{ x: number[]; label: number }> {
      readonly length = 3;
      getItem(index: number): { x: number[]; label: number } {
        return { x: [index, index / 2], label: index };
      }
    }
    for await (const { x, label } of new data.DataLoader(new Points(), { batchSize: 3 })) {
      expect(await x.toArray()).toEqual([
        [0, 0],
        [1, 0.5],
        [2, 1],
      ]);
      expect([label.dtype, await label.toArray()]).toEqual(["int32", [0, 1, 2]]);
    }
  });

  test("that are strings, or hold some, give lists of strings", async () => {
    expect(await batchOf(["one", "two"])).toEqual(["one", "two"]);
    const [x, name] = (await batchOf([[1, "one"], [2, "two"]])) as [Tensor, string[]]; // biome-ignore format: two samples
    expect([x.shape, name]).toEqual([[2], ["one", "two"]]);
    expect(await batchOf([{ a: "1", b: "2" }, { a: "3", b: "" }])).toEqual({ a: ["1", "3"], b: ["2", ""] }); // biome-ignore format: two rows
  });

  test("may hold tuples and objects, which hold others", async () => {
    const sample = (i: number): unknown => ({
      image: { pixels: Float32Array.of(i, 2), size: [[1, i]], path: `${i}.png` },
      targets: [i, [tensor([i]), { box: [i, i, 1, 1], of: "cat" }]],
      none: {},
    });
    const batch = (await batchOf([sample(3), sample(4)])) as Record<string, unknown>;
    const values = async (part: unknown): Promise<unknown> => {
      if (part instanceof Tensor) return [part.dtype, await part.toArray()];
      if (Array.isArray(part)) return Promise.all(part.map(values));
      if (typeof part !== "object") return part;
      const parts = Object.entries(part as object).map(async ([key, value]) => [key, await values(value)] as const);
      return Object.fromEntries(await Promise.all(parts));
    };
    // biome-ignore format: one line per part
    expect(await values(batch)).toEqual({
      image: { pixels: ["float32", [[3, 2], [4, 2]]], size: ["float32", [[[1, 3]], [[1, 4]]]], path: ["3.png", "4.png"] },
      targets: [["int32", [3, 4]], [["float32", [[3], [4]]], { box: ["float32", [[3, 3, 1, 1], [4, 4, 1, 1]]], of: ["cat", "cat"] }]],
      none: {},
    });
  });

  test("that hold others are typed by part", async () => {
    const dataset = { length: 1, getItem: () => ({ a: { x: [1, 2], y: 1 }, b: ["one", 2] as [string, number] }) };
    for await (const { a, b } of new data.DataLoader(dataset)) {
      const [names, numbers]: [string[], Tensor] = b;
      expect([a.x.shape, a.y.dtype, names, numbers.shape]).toEqual([[1, 2], "int32", ["one"], [1]]);
    }
  });

  test("are still there after they were stacked", async () => {
    const samples = [tensor([1]), tensor([2])];
    await batchOf(samples);
    expect(await samples[0]!.toArray()).toEqual([1]);
  });
});

describe("samples that do not fit", () => {
  // biome-ignore format: one line per case
  const shapes: [string, readonly unknown[], string][] = [
    ["in a tuple", [[[1, 2], 0], [[1, 2, 3], 0]], "shapes [2] and [3] do not fit: samples differ in shape in field 0"],
    ["in an object", [{ x: [[1]] }, { x: [1] }], "shapes [1, 1] and [1] do not fit: samples differ in shape in field x"],
    ["by themselves", [new Float32Array(2), new Float32Array(3)], "shapes [2] and [3] do not fit: samples differ in shape"],
    ["as number and array", [[0], [[0]]], "shapes [] and [1] do not fit: samples differ in shape in field 0"],
  ];
  test.each(shapes)("differ in shape %s", async (_, samples, message) => {
    await expect(batchOf(samples)).rejects.toThrow(`DataLoader: ${message} (pad them, or pass a collateFn)`);
    await expect(batchOf(samples)).rejects.toBeInstanceOf(ShapeError);
  });

  const takes =
    "numbers, arrays of numbers, typed arrays and tensors can be stacked, and strings be a list (pass a collateFn for anything else)";
  const forgot = "does getItem return all its parts?";
  // biome-ignore format: one line per case
  const parts: [string, readonly unknown[], string][] = [
    ["forget a field", [[1, undefined], [1, undefined]], `sample 0 of the batch is undefined in field 1; ${forgot}`],
    ["forget a field later on", [[[1], 0], [[2]]], `sample 1 of the batch is undefined in field 1; ${forgot}`],
    ["forget a label later on", [{ x: 1, y: 0 }, { x: 1 }], `sample 1 of the batch is undefined in field y; ${forgot}`],
    ["are undefined", [undefined], `sample 0 of the batch is undefined; ${forgot}`],
    ["are undefined later on", [[1, 2], undefined], `sample 1 of the batch is undefined in field 0; ${forgot}`],
    ["hold null", [[1, null]], `sample 0 of the batch is null in field 1; ${takes}`],
    ["are null", [1, null], `sample 1 of the batch is null; ${takes}`],
    ["hold a string later on", [{ name: 7 }, { name: "seven" }], `sample 1 of the batch is of type string in field name; ${takes}`],
    ["hold a number among strings", ["seven", 7], `sample 1 of the batch is of type number; ${takes}`],
    ["hold a Map", [[1, new Map([[1, 2]])]], `sample 0 of the batch is of type object in field 1; ${takes}`],
    ["forget a part of a part", [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }], `sample 1 of the batch is undefined in field a.c; ${forgot}`],
    ["are a tuple and a number", [[1, 2], 3], "sample 1 of the batch is 3, sample 0 is [1, 2] (make them alike"],
    ["are an object and a tuple", [{ x: 1 }, [1]], "sample 1 of the batch is [1], sample 0 is an object (Object) (make"],
    ["hold a tuple and a text", [[0, ["a", 1]], [0, "b1"]], 'sample 1 of the batch is "b1" in field 1, sample 0 is ["a", 1]'],
    ["have one part more", [[1, [2, "a"]], [1, [2, "b", 3]]], "sample 1 of the batch has 3 parts in field 1, sample 0 has 2 (make them alike"],
  ];
  test.each(parts)("%s", async (_, samples, message) => {
    await expect(batchOf(samples)).rejects.toThrow(`DataLoader: ${message}`);
    await expect(batchOf(samples)).rejects.toBeInstanceOf(DTypeError);
  });
});
