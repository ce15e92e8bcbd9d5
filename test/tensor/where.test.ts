// where with a condition alone: the places at which it holds.

import { beforeAll, expect, test } from "vitest";
import { type Tensor, tensor, where } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const lists = (places: readonly Tensor[]): Promise<unknown[]> => Promise.all(places.map((place) => place.toArray()));

test("the indices of each dimension", async () => {
  const places = await where(
    tensor([
      [true, false, true],
      [false, true, false],
    ]),
  );
  expect(places.map(({ dtype }) => dtype)).toEqual(["int32", "int32"]);
  expect(await lists(places)).toEqual([
    [0, 0, 1],
    [0, 2, 1],
  ]);
});

test("of no element, and of a single one", async () => {
  expect(await lists(await where(tensor([false, false])))).toEqual([[]]);
  expect(await lists(await where(tensor(true)))).toEqual([[0]]);
});
