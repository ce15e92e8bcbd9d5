// Sine, cosine and tangent where one float32 after the other is many turns away.

import { beforeAll, expect, test } from "vitest";
import { tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

/** Floats of all magnitudes, and those nearest to multiples of pi / 2. */
const angles = Float32Array.from({ length: 4000 }, (_, i) => {
  if (i % 2 === 0) return Math.round(1.7 ** (i / 220) * (i + 1)) * (Math.PI / 2);
  return (i % 4 === 1 ? 1 : -1) * 2 ** ((i % 1270) / 10) * (1 + i / 4000);
});

/** Double precision reduces angles exactly; so do these. */
const exact = { sin: Math.sin, cos: Math.cos, tan: Math.tan } as const;

for (const name of ["sin", "cos", "tan"] as const) {
  test(`${name} keeps all digits`, async () => {
    const got = await tensor(angles)[name]().data();
    const relative = angles.map((angle, i) => Math.abs(got[i]! / exact[name](angle) - 1));
    expect(Math.max(...relative)).toBeLessThan(5e-7);
  });
}

test("up to the largest number", async () => {
  const x = tensor([3.4028234663852886e38, -3.4028234663852886e38]);
  // PyTorch 1.13
  expectClose(await x.sin().data(), [-0.52187651, 0.52187651], 1e-6);
  expectClose(await x.cos().data(), [0.85302103, 0.85302103], 1e-6);
  expectClose(await x.tan().data(), [-0.61179793, 0.61179793], 1e-6);
});
