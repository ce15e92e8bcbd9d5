// Without an await the garbage collector gives nothing back: whoever allocates on and on is told, once.

import { afterEach, expect, test, vi } from "vitest";
import { openDevice } from "../device.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("a GiB of new memory without an await is warned of once, with an await in between not at all", async () => {
  const device = await openDevice();
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const take = (count: number): void => {
    for (let i = 0; i < count; i++) device.pool.hold(device.pool.acquire(1 << 26)); // not written to: takes no pages
  };
  take(10);
  await device.synchronize();
  take(10);
  await device.collectGarbage();
  expect(warn).not.toHaveBeenCalled();
  take(20);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]![0]).toMatch(/1 GiB .* without an await.*loss\.item\(\).*tidy\(\)/);
});
