// The autoencoders, each in a small form: the loss falls, and the pictures are what they should be.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DecodedPng, decode } from "fast-png";
import { data } from "tapegrad";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { train as trainVanilla } from "../../examples/autoencoders/vanilla.js";
import { someOfEach } from "../../examples/shared/digits.js";
import { openDevice } from "../device.js";

const out = mkdtempSync(join(tmpdir(), "tapegrad-autoencoders-"));
const [digits, test10] = [
  new data.SyntheticDigits({ length: 64, seed: 0 }),
  new data.SyntheticDigits({ length: 64, seed: 1 }),
];
const small = { train: digits, test: test10, out, epochs: 8, batchSize: 32, lr: 0.01 };

beforeAll(async () => {
  await openDevice();
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

function picture(name: string): DecodedPng {
  return decode(readFileSync(join(out, name)));
}

/** Asserts that a sheet has the digits in its first row, and other rows that are neither empty nor the same. */
async function expectReconstructions(name: string, rows: number): Promise<void> {
  const { width, height, data: pixels } = picture(name);
  expect([width, height]).toEqual([10 * 60 + 4, rows * 60 + 4]); // 28 pixels, twice as large, and gaps of 4
  const tile = (row: number, column: number): number[] => {
    return Array.from({ length: 28 * 28 }, (_, i) => {
      const [y, x] = [4 + row * 60 + 2 * Math.floor(i / 28), 4 + column * 60 + 2 * (i % 28)];
      return 1 - pixels[y * width + x]! / 255;
    });
  };
  const ink = await someOfEach(test10).data();
  for (let column = 0; column < 10; column++) {
    const input = tile(0, column);
    for (const i of input.keys()) expect(Math.abs(input[i]! - ink[column * 28 * 28 + i]!)).toBeLessThan(0.01); // 1/255 and less
    const last = tile(rows - 1, column);
    expect(Math.max(...last) - Math.min(...last)).toBeGreaterThan(0.1);
    expect(last).not.toEqual(input);
  }
}

test("vanilla", async () => {
  const losses = await trainVanilla({ ...small, hidden: 16 });
  expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.6);
  await expectReconstructions("reconstructions.png", 2);
});
