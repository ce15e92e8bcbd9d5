// Uploads, parameters, readbacks and destruction happen on the queue, beside what is recorded; everything sees the values
// of its own time all the same.

import { beforeAll, describe, expect, test } from "vitest";
import { type Device, full, init, ones, stack, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

describe.each([true, false])("with parameters as immediates: %s", (immediates) => {
  let device: Device;
  beforeAll(async () => {
    (await openDevice()).destroy();
    device = await init({ immediates });
  });

  test("1,000 launches in a row each keep their own", async () => {
    const one = ones([1]).clone();
    const all = Array.from({ length: 1000 }, (_, i) => {
      const y = one.mul(i);
      y.array.realize();
      return y;
    });
    expect([...(await stack(all).reshape([-1]).data())]).toEqual(all.map((_, i) => i));
  });

  test("an upload does not reach kernels that were recorded before it, however memory is reused", async () => {
    const doubled: Tensor[] = [];
    for (let i = 0; i < 200; i++) {
      const x = tensor([i]);
      const y = x.mul(2);
      y.array.realize(); // recorded, not submitted
      x.dispose(); // its memory is free for the next upload
      doubled.push(y);
    }
    expect([...(await stack(doubled).reshape([-1]).data())]).toEqual(doubled.map((_, i) => 2 * i));
  });

  test("a readback has the values at the time of the call", async () => {
    const x = ones([3]).clone();
    const before = x.data();
    x.add_(1);
    const between = x.data();
    x.dispose();
    for (let i = 0; i < 8; i++) full([3], 7).clone().array.realize(); // some of them in the same memory
    expect([[...(await before)], [...(await between)]]).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });

  test("values asked for together take two submits: the first does not wait for the others", async () => {
    const x = ones([2]).clone();
    await x.mul(0).data(); // compiled
    const { submits } = device.stats();
    const values = Promise.all(Array.from({ length: 10 }, (_, i) => x.mul(i).data()));
    expect(device.stats().submits - submits).toBe(1);
    expect(await values).toEqual(Array.from({ length: 10 }, (_, i) => Float32Array.of(i, i)));
    expect(device.stats().submits - submits).toBe(2);
  });

  test("memory that recorded kernels use is not destroyed before they are submitted", async () => {
    const x = ones([1000]).clone();
    const y = x.mul(2);
    y.array.realize();
    x.dispose();
    const { bytesPooled } = device.stats();
    for (let i = 0; i < 3; i++) device.pool.trim(0);
    expect(await y.sum().item()).toBe(2000);
    for (let i = 0; i < 3; i++) device.pool.trim(0);
    expect(device.stats().bytesPooled).toBeLessThan(bytesPooled);
    expect(await y.sum().item()).toBe(2000);
  });
});
