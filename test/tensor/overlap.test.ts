// In-place changes whose operands lie in the memory that changes: each reads the old values.

import { beforeAll, describe, expect, test } from "vitest";
import { arange, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const square = (): Tensor => arange(1, 10, 1, { dtype: "float32" }).reshape([3, 3]).clone(); // 1 .. 9
const index = tensor.bind(null, [0, 0, 2], { dtype: "int32" });

describe("an operand is", () => {
  const cases: Record<string, [change: (x: Tensor) => Tensor, wanted: number[]]> = {
    "the tensor itself": [(x) => x.add_(x), [2, 4, 6, 8, 10, 12, 14, 16, 18]],
    "its transpose": [(x) => x.add_(x.T), [2, 6, 10, 6, 10, 14, 10, 14, 18]],
    "its first row, broadcast": [(x) => x.sub_(x.narrow(0, 0, 1)), [0, 0, 0, 3, 3, 3, 6, 6, 6]],
    "its first row, of fewer dimensions": [(x) => x.sub_(x.select(0, 0)), [0, 0, 0, 3, 3, 3, 6, 6, 6]],
    "its last column, broadcast": [(x) => x.sub_(x.narrow(1, 2, 1)), [-2, -1, 0, -2, -1, 0, -2, -1, 0]],
    "its first element": [(x) => x.mul_(x.narrow(0, 0, 1).narrow(1, 0, 1).add(1)), [2, 4, 6, 8, 10, 12, 14, 16, 18]],
    "its own mean": [(x) => x.sub_(x.mean()), [-4, -3, -2, -1, 0, 1, 2, 3, 4]],
    "its own product": [(x) => x.copy_(x.matmul(x)), [30, 36, 42, 66, 81, 96, 102, 126, 150]],
    "its rows, gathered": [(x) => x.copy_(x.indexSelect(0, index())), [1, 2, 3, 1, 2, 3, 7, 8, 9]],
    "its rows, added up": [(x) => x.copy_(x.indexAdd(0, index(), x)), [6, 9, 12, 4, 5, 6, 14, 16, 18]],
  };

  test.each(Object.entries(cases))("%s", async (_, [change, wanted]) => {
    const x = square();
    change(x);
    expect([...(await x.data())]).toEqual(wanted);
  });

  test("one row of the same tensor, for another", async () => {
    const x = square();
    x.select(0, 1).copy_(x.select(0, 2));
    x.select(0, 0).add_(x.select(0, 1));
    expect([...(await x.data())]).toEqual([8, 10, 12, 7, 8, 9, 7, 8, 9]);
  });
});
