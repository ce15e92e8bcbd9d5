// The functional transforms against torchvision 0.14 (scripts/golden_transforms.py).

import { expect, test } from "vitest";
import { type HostArray, hostArray, transforms } from "../../../src/data/host.js";
import goldens from "../../goldens/transforms.json" with { type: "json" };

interface Encoded {
  readonly shape: readonly number[];
  readonly bytes?: readonly number[];
  readonly floats?: string;
}

interface Case extends Encoded {
  readonly name: keyof typeof transforms.functional;
  readonly image: string;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

function decode({ shape, bytes, floats }: Encoded): HostArray {
  if (bytes !== undefined) return hostArray(Uint8Array.from(bytes), { shape });
  return hostArray(new Float32Array(Uint8Array.from(Buffer.from(floats!, "base64")).buffer), { shape });
}

const images = new Map(Object.entries(goldens.images as Record<string, Encoded>).map(([k, v]) => [k, decode(v)]));
const cases = (goldens.cases as unknown as Case[]).map((one, i) => [`${i} ${one.name} of ${one.image}`, one] as const);

test.each(cases)("%s", (_, { name, image, args, options, ...encoded }) => {
  const call = transforms.functional[name] as (image: HostArray, ...rest: readonly unknown[]) => HostArray;
  const input = images.get(image)!;
  const before = input.data.slice();
  const result = Object.keys(options).length === 0 ? call(input, ...args) : call(input, ...args, options);
  const expected = decode(encoded);
  expect([result.dtype, ...result.shape]).toEqual([expected.dtype, ...expected.shape]);
  if (expected.dtype === "float32") {
    // Sums of up to 15 products, in another order.
    for (let i = 0; i < expected.data.length; i++) expect(result.data[i]).toBeCloseTo(expected.data[i]!, 5);
  } else if (String(result.data) !== String(expected.data)) {
    // A mean that is a whole number and a half may be rounded either way: nothing else may differ.
    const exact = call(hostArray(Float32Array.from(input.data), { shape: input.shape }), ...args, options).data;
    const odd = exact.filter((_, i) => result.data[i] !== expected.data[i]);
    for (const value of odd) expect(Math.abs(value - Math.floor(value) - 0.5)).toBeLessThan(1e-4);
    expect(odd.length).toBeLessThan(2);
  }
  expect(input.data).toEqual(before); // transforms never change their input
});
