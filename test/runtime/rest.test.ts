// While the GPU works the host rests, for about as long as the same work took before.

import { performance } from "node:perf_hooks";
import { describe, expect, test } from "vitest";
import { platform } from "#platform";
import { rand } from "../../src/index.js";
import { Rests } from "../../src/runtime/rest.js";
import { openDevice } from "../device.js";

/** A GPU that needs a given time for each piece of work, and what the host did about it, in ms. */
function machine() {
  let clock = 0;
  const rests = new Rests(
    (milliseconds) => {
      if (milliseconds < 0.5) return false;
      clock += milliseconds;
      return true;
    },
    () => clock,
  );
  return async (workgroups: number, needed: number): Promise<{ rested: number; waited: number }> => {
    const start = clock;
    let asked = 0;
    await rests.before(workgroups, async () => {
      asked = clock;
      clock = Math.max(clock + 0.05, start + needed);
    });
    return { rested: asked - start, waited: clock - asked };
  };
}

describe("how long", () => {
  test("not at all until the work was seen twice, then most of the shorter wait", async () => {
    const step = machine();
    expect((await step(14, 500)).rested).toBe(0); // kernels were compiled
    expect((await step(14, 10)).rested).toBe(0);
    expect((await step(14, 10)).rested).toBeCloseTo(8);
    expect((await step(14, 10)).rested).toBeCloseTo(8);
  });

  test("a wait that took long once makes the next one no longer", async () => {
    const step = machine();
    for (let i = 0; i < 3; i++) await step(14, 10);
    await step(14, 80);
    expect((await step(14, 10)).rested).toBeCloseTo(8);
  });

  test("work that got quicker is soon waited for in time again", async () => {
    const step = machine();
    for (let i = 0; i < 3; i++) await step(14, 100);
    const waits = [];
    for (let i = 0; i < 12; i++) waits.push(await step(14, 10));
    expect(waits.filter(({ rested }) => rested > 10).map(({ rested }) => Math.round(rested))).toEqual([
      80, 56, 39, 27, 19, 13,
    ]);
    expect(waits.at(-1)!.rested).toBeGreaterThan(5);
    expect(waits.at(-1)!.rested + waits.at(-1)!.waited).toBeCloseTo(10);
  });

  test("by the number of workgroups", async () => {
    const step = machine();
    for (let i = 0; i < 3; i++) {
      await step(14, 10);
      await step(0, 0.01); // a second value of the same step
    }
    expect((await step(0, 0.01)).rested).toBe(0);
    expect((await step(14, 10)).rested).toBeCloseTo(8);
  });
});

test("values asked for together rest together: those that need no more work are not asked for before the others", async () => {
  let clock = 0;
  let isOver = (): void => undefined;
  const rest = (milliseconds: number): boolean | Promise<boolean> => {
    if (milliseconds < 0.5) return false;
    return new Promise((resolve) => {
      isOver = () => {
        clock += milliseconds;
        resolve(true);
      };
    });
  };
  const rests = new Rests(rest, () => clock);
  const done = async (ms: number): Promise<void> => {
    clock += ms;
  };
  for (let i = 0; i < 2; i++) await rests.before(14, () => done(10)); // now it is known to take 10
  const asked: string[] = [];
  const first = rests.before(14, () => {
    asked.push("first");
    return done(2);
  });
  const second = rests.before(0, () => {
    asked.push("second");
    return done(0);
  });
  await new Promise(setImmediate);
  expect(asked).toEqual([]); // a question would keep a core busy
  isOver();
  await Promise.all([first, second]);
  expect(asked).toEqual(["first", "second"]);
  const again = rests.before(0, () => done(0)); // took no time of its own: nothing is rested for
  await again;
  expect(clock).toBeCloseTo(20 + 8 + 2);
});

describe("in Node", () => {
  test("a long rest lets the program go on, a short one is too short for it", async () => {
    let others = 0;
    const rest = platform.rest(20);
    const other = setInterval(() => others++, 2);
    expect(await rest).toBe(true);
    clearInterval(other);
    expect(others).toBeGreaterThan(0);
    expect(platform.rest(1)).toBe(true);
    expect(platform.rest(0.1)).toBe(false);
  });

  test("the event loop is idle while the GPU works", async () => {
    await openDevice();
    const [a, b] = [rand([512, 512]), rand([512, 512])];
    const step = () => a.matmul(b).matmul(b).mean().item();
    for (let i = 0; i < 4; i++) await step();
    const before = performance.eventLoopUtilization();
    for (let i = 0; i < 8; i++) await step();
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.98); // without rests it is 1
  });
});
