// init: one device at a time, the one that was asked for.

import { afterEach, expect, test } from "vitest";
import { currentDevice, DeviceError, init, ones } from "../../src/index.js";
import { openDevice } from "../device.js";

afterEach(() => currentDevice().destroy());

test("two calls at once open one device", async () => {
  const [a, b, c] = await Promise.all([init(), init({}), openDevice()]);
  expect(b).toBe(a);
  expect(c).toBe(a);
  expect(currentDevice()).toBe(a);
});

test("a call that fails stands in no other's way", async () => {
  const calls = await Promise.allSettled([init({ adapter: "no such thing" }), init(), init({ adapter: "nor this" })]);
  expect(calls.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
  expect(calls[0]).toMatchObject({ reason: { message: expect.stringContaining('no adapter called "no such thing"') } });
  expect((calls[1] as PromiseFulfilledResult<unknown>).value).toBe(currentDevice());
});

test("another adapter than the open device's is refused, not ignored", async () => {
  const device = await openDevice();
  const { adapter } = device;
  await expect(init({ adapter: "other" })).rejects.toThrow(DeviceError);
  await expect(init({ adapter: "other" })).rejects.toThrow(
    `init: the adapter "other" was asked for, and a device is open on ${adapter.description}; ` +
      "currentDevice().destroy() makes room, and ends the tensors that live there",
  );
  expect(await ones([2]).sum().item()).toBe(2);
});

test("the open device's own adapter is none other, by whatever name", async () => {
  const device = await openDevice();
  const { vendor, description } = device.adapter;
  for (const adapter of [undefined, process.env["TAPEGRAD_ADAPTER"]!, vendor, description.toUpperCase()])
    expect(await init({ adapter })).toBe(device);
});

test("tensors of a device that is gone are refused by the op they meet in, by its name", async () => {
  const first = await openDevice();
  const [old, parameter] = [ones([2, 2]).clone(), ones([2], { requiresGrad: true })];
  await old.data();
  first.destroy();
  await openDevice();
  const x = ones([2, 2]).clone();
  const ops = {
    add: () => x.add(old),
    matmul: () => x.matmul(old),
    mul: () => parameter.mul(x),
    sub: () => x.sub_(old),
  };
  for (const [op, meet] of Object.entries(ops)) {
    expect(meet).toThrow(DeviceError);
    expect(meet).toThrow(new RegExp(`^${op}: the GPU device was lost .*call await init\\(\\) again`));
  }
  expect(await x.sum().item()).toBe(4);
});
