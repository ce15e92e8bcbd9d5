// Every function of one number, activation and loss, with its derivative, at the ends of what float32 holds: as PyTorch has
// them. scripts/golden_extremes.py makes the goldens and states the rule of comparison.

import { beforeAll, describe, expect, test } from "vitest";
import { arange, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import goldens from "../goldens/extremes.json" with { type: "json" };
import { points, rows, unit } from "./extreme-functions.js";

type Answer = number | string;

beforeAll(openDevice);

/** Where PyTorch's answer is not the right one: "function, y or dx, x": why. */
const EXEMPT: Readonly<Record<string, string>> = {
  "log1p, y, 3.4028235e+38": "88.72; PyTorch's vector code overflows there, C's does not",
};

const families = { points, unit, rows };

describe.each(["points", "unit", "rows"] as const)("%s", (kind) => {
  const { inputs, functions: wanted } = goldens[kind] as unknown as {
    inputs: (Answer | Answer[])[];
    functions: Record<string, [(Answer | Answer[])[], (Answer | Answer[])[]]>;
  };
  const given = inputs.map((input) => (Array.isArray(input) ? input.map(toNumber) : toNumber(input)));

  test("each golden has its function", () => {
    expect(Object.keys(families[kind]).sort()).toEqual(Object.keys(wanted).sort());
  });

  test.each(Object.entries(families[kind]))("%s", async (name, f) => {
    const x = tensor(given).requiresGrad_();
    const y = f(x);
    y.backward(y.ndim === 1 ? ones(y.shape) : arange(1, 4).to("float32").expand(y.shape));
    const results = { y: await y.data(), dx: await gradient(x) };
    const differences = (["y", "dx"] as const).flatMap((what, k) =>
      wanted[name]![k]!.flatMap((answers, i) => {
        const at = given[Math.floor((i * given.length) / wanted[name]![k]!.length)]!;
        const all = [answers].flat();
        const place = `${name}, ${what}, ${at}`;
        if (EXEMPT[place] !== undefined || isAnswer(results[what][i]!, all, at)) return [];
        return [`${place}: ${results[what][i]}, wanted ${all.join(" or ")}`];
      }),
    );
    expect(differences).toEqual([]);
  });
});

async function gradient(x: Tensor): Promise<ArrayLike<number>> {
  return x.grad === null ? new Float32Array(x.numel()) : x.grad.data();
}

function isAnswer(got: number, answers: readonly Answer[], at: number | readonly number[]): boolean {
  const numbers = answers.map(toNumber);
  if (!Number.isFinite(got)) return numbers.some((number) => Object.is(number, got));
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return false;
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const size = Math.max(...[at].flat().map((x) => (Math.abs(x) <= 100 ? Math.abs(x) : 1)), 1);
  const slack = (bound: number): number => {
    return bound === 0 ? 1e-24 : Math.max(2e-6 * Math.abs(bound), LARGEST_DENORMAL * size);
  };
  return got >= low - slack(low) && got <= high + slack(high);
}

const LARGEST_DENORMAL = 2 ** -126 - 2 ** -149;

function toNumber(value: Answer): number {
  return typeof value === "number" ? value : { nan: Number.NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 }[value]!;
}
