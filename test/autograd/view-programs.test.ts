// Random programs with views and in-place changes: the same gradients as PyTorch, first and second, and refusals at the same
// step. The programs and what PyTorch makes of them are from scripts/golden_views.py.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import {
  autograd,
  diagonal,
  ellipsis,
  noGrad,
  slice,
  type Tensor,
  tensor,
  tensorSplit,
  unfold,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

type Step = readonly [name: string, isUnderNoGrad: boolean, operand: number, ...args: never[]];
type Grads = readonly (readonly number[] | null)[];
interface Program {
  readonly leaves: readonly (readonly number[])[];
  readonly steps: readonly Step[];
  readonly loss: readonly number[];
  readonly first?: Grads;
  readonly second?: Grads;
  readonly refused?: number;
}

const path = process.env.TAPEGRAD_VIEW_PROGRAMS ?? new URL("../goldens/views.json", import.meta.url);
const programs = JSON.parse(readFileSync(path, "utf8")) as Program[];

const operations: Record<string, (x: Tensor, a: never, b: never, c: never) => Tensor> = {
  select: (x, dim, index) => x.select(dim, index),
  narrow: (x, dim, start, length) => x.narrow(dim, start, length),
  every: (x, dim, start, step) =>
    x.index(...new Array(dim).fill(slice(null, null)), slice(start, null, step), ellipsis),
  transpose: (x, a, b) => x.transpose(a, b),
  flatten: (x) => x.flatten(),
  view: (x, shape) => x.view(shape),
  unsqueeze: (x, dim) => x.unsqueeze(dim),
  squeeze: (x) => x.squeeze(),
  diagonal: (x) => diagonal(x),
  expand: (x, size) => x.expand([size, ...x.shape]),
  unfold: (x, dim, size, step) => unfold(x, dim, size, step),
  detach: (x) => x.detach(),
  contiguous: (x) => x.contiguous(),
  unbind: (x) => x.unbind()[0]!,
  chunk: (x) => x.chunk(2)[0]!,
  tensorSplit: (x) => tensorSplit(x, 2)[1]!,
  zeros: (_, shape) => zeros(shape),
  mul: (x, y) => x.mul(y),
  add: (x, y) => x.add(y),
  tanh: (x) => x.tanh(),
  square: (x) => x.square(),
  clone: (x) => x.clone(),
  mul_: (x, y) => x.mul_(y),
  add_: (x, y) => x.add_(y),
  sub_: (x, y) => x.sub_(y),
  copy_: (x, y) => x.copy_(y),
  tanh_: (x) => x.tanh_(),
  exp_: (x) => x.exp_(),
  neg_: (x) => x.neg_(),
  zero_: (x) => x.zero_(),
  addNumber_: (x, number) => x.add_(number),
  mulNumber_: (x, number) => x.mul_(number),
};
const binary = ["mul", "add", "mul_", "add_", "sub_", "copy_"];

/** The script's numbers. */
function numbers(shape: readonly number[], salt: number): Tensor {
  const values = Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => {
    return (((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1;
  });
  return tensor(values).reshape(shape);
}

function outcome({
  leaves: shapes,
  steps,
  loss,
}: Program): { first: (Tensor | null)[]; second: (Tensor | null)[] } | { refused: number } {
  const leaves = shapes.map((shape, i) => numbers(shape, i).detach().requiresGrad_());
  const tensors: Tensor[] = [...leaves];
  for (const [i, [name, isUnderNoGrad, operand, ...args]] of steps.entries()) {
    const given = binary.includes(name) ? [tensors[args[0]!]!] : args;
    const run = (): Tensor => operations[name]!(tensors[operand]!, ...(given as unknown as [never, never, never]));
    try {
      const result = isUnderNoGrad ? noGrad(run) : run();
      if (!name.endsWith("_")) tensors.push(result);
    } catch {
      return { refused: i };
    }
  }
  try {
    const parts = loss.map((i) => tensors[i]!);
    const total = parts.map((part, i) => part.mul(numbers(part.shape, 7 + i)).sum()).reduce((a, b) => a.add(b));
    const first = autograd.grad(total, leaves, { createGraph: true, allowUnused: true });
    const squares = first.flatMap((g) => (g === null ? [] : [g.square().sum()])).reduce((a, b) => a.add(b), tensor(0));
    const second = squares.requiresGrad
      ? autograd.grad(squares, leaves, { allowUnused: true })
      : leaves.map(() => null);
    return { first, second };
  } catch (error) {
    if (process.env.TAPEGRAD_VIEW_PROGRAMS) console.log(String(error));
    return { refused: steps.length };
  }
}

const plain = (grads: readonly (Tensor | null)[]): Promise<(number[] | null)[]> =>
  Promise.all(grads.map(async (grad) => (grad === null ? null : [...(await grad.data())])));

/** A missing gradient is one of zeros: which of both depends on how derivatives are written. */
function expectClose(actual: Grads, wanted: Grads): void {
  actual.forEach((values, i) => {
    const count = values?.length ?? wanted[i]?.length ?? 0;
    const expected = wanted[i] ?? new Array<number>(count).fill(0);
    const scale = Math.max(1, ...expected.map(Math.abs));
    const worst = Math.max(0, ...expected.map((value, j) => Math.abs((values?.[j] ?? 0) - value)));
    expect(worst / scale).toBeLessThan(2e-5); // 15 steps in float32
  });
}

test.each(programs.map((program, i) => [i, program] as const))("program %i", async (_, program) => {
  const found = outcome(program);
  if ("refused" in found || program.refused !== undefined) {
    expect(found).toEqual({ refused: program.refused });
    return;
  }
  expectClose(await plain(found.first), program.first!);
  expectClose(await plain(found.second), program.second!);
});
