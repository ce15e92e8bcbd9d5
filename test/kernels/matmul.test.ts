// Every way of computing a matrix product, at sizes around the edges of tiles, against exact products of whole numbers.
// CI also runs this with poisoned memory, where an element read past an edge or not written shows as NaN.

import { describe, expect, test } from "vitest";
import { tensor } from "../../src/index.js";
import { inFloat } from "../../src/kernels/matmul/variants.js";
import { matmul } from "../../src/kernels/matmul.js";
import { imposing } from "../../src/kernels/variants/choice.js";
import { testVariant } from "../../src/kernels/variants/self-test.js";
import { allFamilies, canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";
import { onFloat16 } from "../on-float16.js";

const SIZES = [1, 2, 3, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 257];
const family = allFamilies().find(({ name }) => name === "matmul")!;

const device = await openDevice();
const runnable = family.variants.filter((variant) => canRun(variant, device));

/** Whole numbers from -2 to 2. */
function whole(rows: number, columns: number, factor: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => ((i * factor + (i >> 4)) % 5) - 2);
}

function product(a: Float32Array, b: Float32Array, M: number, K: number, N: number): Float32Array {
  const c = new Float32Array(M * N);
  for (let m = 0; m < M; m++) {
    for (let k = 0; k < K; k++) {
      const x = a[m * K + k]!;
      for (let n = 0; n < N; n++) c[m * N + n]! += x * b[k * N + n]!;
    }
  }
  return c;
}

/** Each size as M, N and K, beside other sizes of the list. */
const problems = SIZES.flatMap((size, i) => {
  const other = (step: number): number => SIZES[(i * 5 + step) % SIZES.length]!;
  return [
    [size, other(3), other(8)],
    [other(1), size, other(6)],
    [other(11), other(4), size],
  ] as const;
});

/** One or two rows and columns more than tiles have, or the like in all, beside whole tiles, which are read as vectors. */
const fewMore = [128, 129, 130, 2].flatMap((M) => [64, 33, 34, 1].map((N) => [M, 9, N] as const));

describe.each(runnable.map((variant) => [variant.name, variant] as const))("%s", (_, variant) => {
  type Sizes = readonly (readonly [M: number, K: number, N: number])[];
  const check = async (layouts: string, sizes: Sizes, dtype: "float32" | "float16"): Promise<void> => {
    for (const [M, K, N] of sizes) {
      const [a, b] = [whole(M, K, 3), whole(K, N, 7)];
      const x = tensor(a, { dtype }).reshape([M, K]);
      const y = tensor(b, { dtype }).reshape([K, N]);
      const result = imposing(device, "matmul", variant, () => {
        const c = matmul(
          (layouts[0] === "T" ? x.T.contiguous().T : x).array,
          (layouts[1] === "T" ? y.T.contiguous().T : y).array,
        );
        c.realize();
        return c;
      });
      const got = await device.read(result.block, result.startByte, M * N, dtype);
      result.release();
      const wanted = product(a, b, M, K, N);
      const wrong = got.findIndex((value, i) => value !== wanted[i]);
      expect(wrong, `[${M}, ${K}] x [${K}, ${N}] at ${wrong}: ${got[wrong]} for ${wanted[wrong]}`).toBe(-1);
    }
  };

  const computes = (dtype: "float32" | "float16"): boolean =>
    (["deep", "large"] as const).some((size) => variant.serves?.(inFloat(size, dtype)) !== false);

  test.each([
    ["NN", 0],
    ["NT", 1],
    ["TN", 2],
    ["TT", 0],
  ] as const)("%s products at the edges of tiles", async (layouts, first) => {
    const every3rd = problems.filter((_, i) => i % 3 === first);
    await check(layouts, [...every3rd, ...fewMore], computes("float32") ? "float32" : "float16");
  });

  // Sums of 257 products of at most 4 are below 2048, to where float16 counts without gaps.
  if (computes("float16"))
    onFloat16("float16 products", async () => {
      await check("NN", [...problems.filter((_, i) => i % 3 === 1), ...fewMore], "float16");
    });

  test("passes its self-test", async () => {
    expect(await testVariant(device, family, variant)).toBe(true);
  });
});
