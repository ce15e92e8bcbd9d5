// Clipping of gradients: values by hand, and what it costs.

import { beforeAll, describe, expect, test } from "vitest";
import { compile, type Device, nn, ones, optim, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

const { clipGradNorm_, clipGradValue_ } = nn.utils;

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const shapes = [[3, 2], [70], [5], []];

/** Parameters whose gradients lie in an optimizer's memory, or each for itself; the third has none. */
function withGradients(isPacked: boolean, scale = 1): Tensor[] {
  const params = shapes.map((shape) => ones(shape).requiresGrad_());
  if (isPacked) new optim.SGD(params, { lr: 1 }).zeroGrad();
  for (const [i, param] of params.entries()) {
    if (i !== 2) param.mul(numbers(shapes[i]!, i).mul(scale)).sum().backward();
  }
  return params;
}

const elements = (scale = 1): Promise<number[]> =>
  Promise.all(
    shapes
      .filter((_, i) => i !== 2)
      .map(async (shape) => {
        return [...(await numbers(shape, shapes.indexOf(shape)).mul(scale).data())];
      }),
  ).then((lists) => lists.flat());

async function gradients(params: readonly Tensor[]): Promise<number[]> {
  const lists = await Promise.all(params.map(async ({ grad }) => (grad === null ? [] : [...(await grad.data())])));
  return lists.flat();
}

const norms: Record<string, [order: number, (xs: readonly number[]) => number]> = {
  "the sum of absolute values": [1, (xs) => xs.reduce((sum, x) => sum + Math.abs(x), 0)],
  "the Euclidean norm": [2, (xs) => Math.hypot(...xs)],
  "the norm of order 3": [3, (xs) => Math.cbrt(xs.reduce((sum, x) => sum + Math.abs(x) ** 3, 0))],
  "the largest absolute value": [Number.POSITIVE_INFINITY, (xs) => Math.max(...xs.map(Math.abs))],
  "the smallest absolute value": [Number.NEGATIVE_INFINITY, (xs) => Math.min(...xs.map(Math.abs))],
};

describe.each([
  ["in an optimizer's memory", true],
  ["that lie anywhere", false],
])("of gradients %s", (_, isPacked) => {
  test.each(Object.entries(norms))("%s is clipped", async (_, [normType, normOf]) => {
    const wanted = await elements();
    const total = normOf(wanted);
    const params = withGradients(isPacked);
    const norm = clipGradNorm_(params, total / 2, { normType });
    expectClose([await norm.item()], [total], 1e-5);
    const scale = total / 2 / (total + 1e-6);
    expectClose(
      await gradients(params),
      wanted.map((x) => x * scale),
      1e-5,
    );
    expect(params[2]!.grad).toBeNull();
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    "a norm of %d is an error at the next await if that is wanted",
    async (bad) => {
      const params = withGradients(isPacked);
      await clipGradNorm_(params, 1, { errorIfNonfinite: true }).item(); // finite
      params[1]!.grad!.narrow(0, 3, 1).fill_(bad);
      expect(await clipGradNorm_(params, 1).item()).toBe(bad);
      params[1]!.grad!.narrow(0, 3, 1).fill_(bad); // which inf / inf has left as NaN
      await expect(clipGradNorm_(params, 1, { errorIfNonfinite: true }).item()).rejects.toThrow(
        "clipGradNorm_: the norm of order 2 of the gradients is NaN or infinite",
      );
      expect(await ones([]).item()).toBe(1);
    },
  );

  test("a small norm changes nothing", async () => {
    const params = withGradients(isPacked);
    clipGradNorm_(params, 1e3);
    expect(await gradients(params)).toEqual(await elements());
  });

  test("some parameters are clipped, and others left alone", async () => {
    const params = withGradients(isPacked);
    const before = await params[1]!.grad!.data();
    expectClose(
      [await clipGradNorm_([params[0]!, params[3]!], 0).item()],
      [Math.hypot(...(await elements()).filter((_, i) => i < 6 || i === 76))],
      1e-5,
    );
    expect(await params[1]!.grad!.data()).toEqual(before);
    expect((await gradients([params[0]!, params[3]!])).map(Math.abs)).toEqual(Array(7).fill(0));
  });

  test("values are clamped", async () => {
    const params = withGradients(isPacked);
    clipGradValue_(params, 0.25);
    expectClose(
      await gradients(params),
      (await elements()).map((x) => Math.max(-0.25, Math.min(0.25, x))),
      1e-6,
    );
  });

  test("NaN and infinity spread as in PyTorch", async () => {
    for (const [scale, wanted] of [
      [Number.NaN, Number.NaN],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ] as const) {
      const params = withGradients(isPacked, scale);
      expect(await clipGradNorm_(params, 1).item()).toEqual(wanted);
      expect((await gradients(params)).every(Number.isNaN)).toBe(true);
    }
  });
});

test("the number of launches does not depend on that of the parameters, and nothing is read", () => {
  const cost = (count: number, clip: (params: readonly Tensor[]) => unknown): number[] => {
    const params = Array.from({ length: count }, (_, i) => ones([i + 1]).requiresGrad_());
    const optimizer = new optim.SGD(params, { lr: 1 });
    const run = (): number[] => {
      optimizer.zeroGrad();
      for (const param of params) param.mul(3).sum().backward();
      const before = device.stats();
      clip(params);
      const { dispatches, readbacks, uploads } = device.stats();
      return [dispatches - before.dispatches, readbacks - before.readbacks, uploads - before.uploads];
    };
    run();
    return run();
  };
  const [few, many] = [3, 30].map((count) => cost(count, (params) => clipGradNorm_(params, 1)));
  expect(many).toEqual(few);
  expect(few).toEqual([2, 0, 0]);
  expect(cost(30, (params) => clipGradValue_(params, 1))).toEqual([1, 0, 0]);
});

test("a compiled step clips the gradients of the call", async () => {
  const w = ones([3]).requiresGrad_();
  const optimizer = new optim.SGD([w], { lr: 1 });
  const step = compile((x: Tensor) => {
    optimizer.zeroGrad();
    w.mul(x).sum().backward();
    const norm = clipGradNorm_([w], 1);
    optimizer.step();
    return norm;
  });
  let wanted = [1, 1, 1];
  for (const [i, scale] of [3, 0.1, 5, 0.2].entries()) {
    const x = [scale, 0, 2 * scale + i];
    const total = Math.hypot(...x);
    wanted = wanted.map((value, j) => value - x[j]! * Math.min(1, 1 / (total + 1e-6)));
    expectClose([await step(tensor(x).clone()).item()], [total], 1e-5);
    expectClose(await w.data(), wanted, 1e-5);
  }
});

test("errors name the function and the value", () => {
  expect(() => clipGradNorm_([], Number.NaN)).toThrow("clipGradNorm_: maxNorm must be a number, got NaN");
  expect(() => clipGradNorm_([], undefined as never)).toThrow("clipGradNorm_: maxNorm must be a number, got undefined");
  const [linear, PARAMETERS] = [new nn.Linear(2, 2), "takes net.parameters(), or one tensor, got"];
  const nets: readonly [net: unknown, got: string][] = [
    [linear, "an object (Linear)"],
    [new nn.Sequential(linear), "an object (Sequential)"],
    [[...linear.namedParameters()], "["],
    [undefined, "undefined"],
  ];
  for (const [net, got] of nets) {
    expect(() => clipGradNorm_(net as never, 1)).toThrow(`clipGradNorm_: ${PARAMETERS} ${got}`);
    expect(() => clipGradValue_(net as never, 1)).toThrow(`clipGradValue_: ${PARAMETERS} ${got}`);
  }
  expect(() => clipGradValue_([], -1)).toThrow("clipGradValue_: clipValue must be 0 or more, got -1");
});
