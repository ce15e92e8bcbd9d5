// GradScaler: scaled losses, steps that the GPU skips, and a scale that follows, without anything read back.

import { beforeAll, expect, test } from "vitest";
import { autocast, compile, type Device, GradScaler, nn, optim, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";
import { onFloat16 } from "../on-float16.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

/** Gradients of the parameters: those given, scaled as a loss would. */
function backward(scaler: GradScaler, parameters: readonly Tensor[], gradients: readonly Tensor[]): void {
  const losses = parameters.map((parameter, i) => parameter.mul(gradients[i]!).sum());
  scaler.scale(losses.reduce((a, b) => a.add(b))).backward();
}

const optimizers: Record<string, (params: Tensor[]) => Parameters<GradScaler["step"]>[0] & { zeroGrad(): void }> = {
  SGD: (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.5 }),
  Adagrad: (params) => new optim.Adagrad(params, { lr: 0.1, initialAccumulatorValue: 0.5 }),
  Rprop: (params) => new optim.Rprop(params, { lr: 0.1 }),
};

test.each(Object.keys(optimizers))(
  "%s: as without a scaler, but for steps that overflow, which change nothing",
  async (name) => {
    const run = async (steps: readonly (number | undefined)[], isScaled: boolean): Promise<Tensor[]> => {
      const params = [[3, 5], [70]].map((shape, i) => new nn.Parameter(numbers(shape, i)));
      const optimizer = optimizers[name]!(params);
      const scaler = new GradScaler({ enabled: isScaled, initScale: 1024 });
      for (const [at, salt] of steps.entries()) {
        optimizer.zeroGrad();
        const gradients = params.map(({ shape }, i) => numbers([...shape], (salt ?? 0) + i));
        const bad = at % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
        if (salt === undefined) gradients[1] = gradients[1]!.mul(0).add(tensor([...new Array(69).fill(0), bad]));
        backward(scaler, params, gradients);
        scaler.step(optimizer);
        scaler.update();
      }
      if (isScaled) {
        const overflows = steps.filter((salt) => salt === undefined).length;
        expect(await scaler.getScale()).toBe(1024 / 2 ** overflows);
      }
      return params;
    };
    const scaled = await run([undefined, 3, undefined, 4, 5], true);
    const plain = await run([3, 4, 5], false);
    for (const [i, param] of scaled.entries())
      expectClose(await param.data(), await plain[i]!.data(), 1e-6, `parameter ${i}`);
  },
);

test("the scale grows after as many steps as are asked for, and goes on from a state dict", async () => {
  const param = new nn.Parameter(numbers([4], 1));
  const optimizer = new optim.SGD([param], { lr: 0.1 });
  let scaler = new GradScaler({ initScale: 8, growthInterval: 3, growthFactor: 4 });
  const scales: number[] = [];
  for (let i = 0; i < 7; i++) {
    optimizer.zeroGrad();
    backward(scaler, [param], [numbers([4], i).mul(i === 4 ? Number.POSITIVE_INFINITY : 1)]);
    scaler.unscale_(optimizer);
    nn.utils.clipGradNorm_([param], 1);
    scaler.step(optimizer);
    scaler.update();
    scales.push(await scaler.getScale());
    const next = new GradScaler();
    next.loadStateDict(scaler.stateDict());
    scaler = next;
  }
  expect(scales).toEqual([8, 8, 32, 32, 16, 16, 16]);
  expect([...(await param.isfinite().data())]).toEqual([1, 1, 1, 1]);
  scaler.update(5);
  expect(await scaler.getScale()).toBe(5);
});

test("in a compiled step it does the same, and reads nothing back", async () => {
  const run = async (isCompiled: boolean): Promise<ArrayLike<number>> => {
    const param = new nn.Parameter(numbers([6], 1));
    const optimizer = new optim.Adam([param], { lr: 0.1 });
    const scaler = new GradScaler({ initScale: 4, growthInterval: 2 });
    const step = (gradient: Tensor): Tensor => {
      optimizer.zeroGrad();
      backward(scaler, [param], [gradient]);
      scaler.step(optimizer);
      scaler.update();
      return param.detach().clone();
    };
    const called = isCompiled ? compile(step) : step;
    const inputs = [1, 2, 3, 4, 5, 6].map((i) => numbers([6], i).mul(i === 4 ? Number.NaN : 1));
    for (const input of inputs) input.array.realize();
    const before = device.stats().readbacks;
    const last = inputs.map((input) => called(input)).at(-1)!;
    expect(device.stats().readbacks).toBe(before);
    expect(await scaler.getScale()).toBe(8);
    return last.data();
  };
  expect(await run(true)).toEqual(await run(false));
});

onFloat16("gradients that are 0 in float16 are not with a scale", async () => {
  const x = numbers([1, 4], 1);
  const gradients = async (enabled: boolean): Promise<number[]> => {
    const param = new nn.Parameter(numbers([4, 1], 2));
    const scaler = new GradScaler({ enabled });
    const loss = autocast(() => x.matmul(param))
      .to("float32")
      .sum()
      .mul(1e-8);
    scaler.scale(loss).backward();
    scaler.unscale_(new optim.SGD([param], { lr: 1 }));
    return [...(await param.grad!.mul(1e8).data())];
  };
  expect(await gradients(false)).toEqual([0, 0, 0, 0]);
  expectClose(await gradients(true), await x.data(), 1e-2);
});

test("calls out of order are refused", () => {
  const param = new nn.Parameter(numbers([2], 1));
  const optimizer = new optim.SGD([param], { lr: 0.1 });
  const scaler = new GradScaler();
  expect(() => scaler.update()).toThrow("no step() or unscale_() came before it");
  expect(() => scaler.unscale_(optimizer)).toThrow("have no gradients");
  scaler.update();
  backward(scaler, [param], [numbers([2], 2)]);
  scaler.unscale_(optimizer);
  expect(() => scaler.unscale_(optimizer)).toThrow("was called already");
  scaler.step(optimizer);
  expect(() => scaler.step(optimizer)).toThrow("was called already");
  expect(() => new GradScaler({ growthFactor: 1 })).toThrow("growthFactor must be above 1");
});
