// The tape: accumulation, order, long and wide graphs, what may be done twice and what not.

import { beforeAll, describe, expect, test } from "vitest";
import { arange, autograd, noGrad, ones, randn, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const leaf = (values: number | number[] | number[][]): Tensor => tensor(values, { requiresGrad: true });

describe("backward", () => {
  test("a tensor used twice receives both gradients", async () => {
    const x = leaf([2, 3]);
    x.mul(x).add(x).sum().backward(); // d/dx (x^2 + x) = 2x + 1
    expect(await x.grad!.toArray()).toEqual([5, 7]);
  });

  test("gradients accumulate over calls until they are cleared", async () => {
    const x = leaf([1, 2]);
    x.mul(3).sum().backward();
    x.mul(4).sum().backward();
    expect(await x.grad!.toArray()).toEqual([7, 7]);
    x.grad = null;
    x.mul(5).sum().backward();
    expect(await x.grad!.toArray()).toEqual([5, 5]);
  });

  test("a gradient somebody holds keeps accumulating, and stays as it was once cleared", async () => {
    const x = leaf([1]);
    x.mul(2).backward();
    const held = x.grad!;
    x.mul(3).backward();
    expect(await held.item()).toBe(5);
    x.grad = null;
    x.mul(7).backward();
    expect([await held.item(), await x.grad!.item()]).toEqual([5, 7]);
  });

  test("a gradient that two leaves share is not shared in memory", async () => {
    const [a, b] = [leaf([1, 2]), leaf([3, 4])];
    a.add(b).sum().backward();
    a.mul(10).sum().backward();
    expect(await a.grad!.toArray()).toEqual([11, 11]);
    expect(await b.grad!.toArray()).toEqual([1, 1]);
  });

  test("a diamond as wide as 200 adds up every way through", async () => {
    const x = leaf([0.5]);
    const ways = Array.from({ length: 200 }, (_, i) => x.mul(i));
    const total = ways.reduce((a, b) => a.add(b));
    total.backward();
    expect(await x.grad!.item()).toBe(19_900);
  });

  test("doubling 40 times visits each node once", async () => {
    const x = leaf([1]);
    let y: Tensor = x;
    for (let i = 0; i < 40; i++) y = y.add(y);
    y.backward();
    expect(await x.grad!.item()).toBe(2 ** 40);
  });

  test("a chain of 20,000 steps neither overflows the stack nor keeps what it no longer needs", async () => {
    const x = leaf([1, 2, 3]);
    let y: Tensor = x;
    for (let i = 0; i < 20_000; i++) y = i % 2 === 0 ? y.add(0.5) : y.mul(1);
    y.sum().backward();
    expect(await x.grad!.toArray()).toEqual([1, 1, 1]);
    expect(await y.detach().select(0, 0).item()).toBe(5001);
  });

  test("a gradient can be given for a tensor of any shape", async () => {
    const x = leaf([1, 2, 3]);
    x.mul(2).backward(tensor([1, 10, 100]));
    expect(await x.grad!.toArray()).toEqual([2, 20, 200]);
  });

  test("two outputs of one graph can be played back one after the other with retainGraph", async () => {
    const x = leaf([3]);
    const y = x.mul(x);
    y.backward(null, { retainGraph: true });
    y.backward();
    expect(await x.grad!.item()).toBe(12);
  });

  test("nothing is recorded for integers, under noGrad, and for detached tensors", () => {
    const x = leaf([1, 2]);
    expect(x.gt(1).requiresGrad).toBe(false);
    expect(x.argmax().requiresGrad).toBe(false);
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    expect(x.detach().mul(2).requiresGrad).toBe(false);
    {
      using _ = noGrad();
      expect(x.mul(2).requiresGrad).toBe(false);
    }
    expect(x.mul(2).requiresGrad).toBe(true);
  });

  test("noGrad lasts until an asynchronous body is done", async () => {
    const x = leaf([1]);
    const flags = await noGrad(async () => {
      const first = x.mul(2).requiresGrad;
      await x.item();
      return [first, x.mul(2).requiresGrad];
    });
    expect([...flags, x.mul(2).requiresGrad]).toEqual([false, false, true]);
  });

  test("matches a hand-derived layer: dL/dW of mean((xW - t)^2)", async () => {
    // x = [1 2], W = [[1] [1]], t = 1: y = 3, L = 4, dL/dy = 2 (3 - 1) = 4, dL/dW = x^T 4 = [4 8]
    const w = leaf([[1], [1]]);
    tensor([[1, 2]])
      .matmul(w)
      .sub(1)
      .square()
      .mean()
      .backward();
    expect(await w.grad!.toArray()).toEqual([[4], [8]]);
  });
});

describe("errors", () => {
  test("backward from more than one element", () => {
    expect(() =>
      leaf([
        [1, 2],
        [3, 4],
      ])
        .mul(2)
        .backward(),
    ).toThrow("backward: needs a scalar, got shape [2, 2]; reduce it first (.mean() or .sum()) or pass dL/dy");
  });

  test("backward from a tensor that requires no grad", () => {
    expect(() => tensor([1]).backward()).toThrow("backward: this tensor does not require grad");
  });

  test("a gradient of the wrong shape", () => {
    expect(() =>
      leaf([1, 2])
        .mul(2)
        .backward(tensor([1])),
    ).toThrow("the gradient must have the tensor's shape");
  });

  test("a second backward through saved tensors", () => {
    const y = leaf([1]).square();
    y.backward();
    expect(() => y.backward()).toThrow(/backward: the tape through square was already played back.*retainGraph: true/);
  });

  test("a saved tensor that was changed in place", () => {
    const x = leaf([1, 2]).mul(1);
    const y = x.square().sum();
    x.add_(1);
    expect(() => y.backward()).toThrow(
      /square saved its x of shape \[2\] at version 0.*changed in place since \(version 1\)/,
    );
  });

  test("a saved result that was changed in place", () => {
    const x = leaf([1, 2]);
    const y = x.exp();
    const z = y.sum();
    y.mul_(2);
    expect(() => z.backward()).toThrow(/exp saved its output of shape \[2\]/);
  });

  test("changing a leaf in place while recording", () => {
    expect(() => leaf([1]).add_(1)).toThrow("add_: a leaf that requires grad cannot change in place");
  });

  test("changing a view of a leaf in place while recording", () => {
    expect(() => leaf([1, 2]).narrow(0, 0, 1).add_(1)).toThrow("add_: this tensor is a view (made by slice) of a leaf");
  });
});

describe("in-place changes", () => {
  test("take part in the graph", async () => {
    const x = leaf([1, 2]);
    const y = x.mul(3).add_(1).mul_(2); // 6x + 2
    y.sum().backward();
    expect(await y.toArray()).toEqual([8, 14]);
    expect(await x.grad!.toArray()).toEqual([6, 6]);
  });

  test("come after everything that read the old value", async () => {
    const x = tensor([1, 2, 3]);
    const before = x.add(10); // not computed yet when x changes
    const view = x.narrow(0, 1, 2);
    x.mul_(2);
    expect(await before.toArray()).toEqual([11, 12, 13]);
    expect(await view.toArray()).toEqual([4, 6]);
  });

  test("of constants are seen through views, and not by what was computed before", async () => {
    const x = zeros([2, 2]);
    const [before, view] = [x.add(1), x.select(0, 1)];
    x.fill_(5);
    view.add_(1);
    expect(await before.toArray()).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(await x.toArray()).toEqual([
      [5, 5],
      [6, 6],
    ]);
  });

  test("with an operand that overlaps the target", async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    x.add_(x.T);
    expect(await x.toArray()).toEqual([
      [2, 5],
      [5, 8],
    ]);
    const y = tensor([1, 2, 3, 4]);
    y.narrow(0, 1, 3).copy_(y.narrow(0, 0, 3));
    expect(await y.toArray()).toEqual([1, 1, 2, 3]);
  });

  test("cannot change shape or lose precision", () => {
    expect(() => ones([2]).add_(ones([3, 2]))).toThrow("add_: shape [2]: the result has shape [3, 2]");
    expect(() => arange(3).add_(0.5)).toThrow("add_: the result is float32, which does not fit into a tensor of int32");
  });
});

describe("hooks and retained gradients", () => {
  test("a hook sees the gradient of an intermediate tensor and may replace it", async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    const seen: Tensor[] = [];
    const handle = y.registerHook((grad) => {
      seen.push(grad);
      return grad.mul(10);
    });
    y.square().sum().backward();
    expect(await seen[0]!.toArray()).toEqual([4, 8]);
    expect(await x.grad!.toArray()).toEqual([80, 160]);
    handle.remove();
    x.grad = null;
    x.mul(2).square().sum().backward();
    expect(await x.grad!.toArray()).toEqual([8, 16]);
  });

  test("a hook on a leaf runs once, with the sum of all contributions", async () => {
    const x = leaf([3]);
    let calls = 0;
    x.registerHook((grad) => {
      calls++;
      return grad.mul(2);
    });
    x.mul(x).add(x).backward();
    expect([calls, await x.grad!.item()]).toEqual([1, 14]);
  });

  test("retainGrad keeps the gradient of a tensor that is no leaf", async () => {
    const x = leaf([1, 2]);
    const y = x.mul(2);
    y.retainGrad();
    y.square().sum().backward();
    expect(await y.grad!.toArray()).toEqual([4, 8]);
  });
});

describe("autograd.grad", () => {
  test("returns gradients of inputs, also of intermediate tensors, and touches no .grad", async () => {
    const [x, w] = [leaf([2]), leaf([5])];
    const y = x.mul(w);
    const [dy, dx] = autograd.grad(y.square(), [y, x]);
    expect([await dy!.item(), await dx!.item()]).toEqual([20, 100]);
    expect([x.grad, w.grad]).toEqual([null, null]);
  });

  test("says which input was not used", () => {
    const [x, w] = [leaf([2]), leaf([5])];
    expect(() => autograd.grad(x.square(), [x, w])).toThrow("grad: the outputs do not depend on input 1");
    expect(autograd.grad(x.square(), [w], { allowUnused: true })).toEqual([null]);
  });

  test("createGraph gives derivatives of every order", async () => {
    const x = leaf([2]);
    let y = x.pow(4);
    const found: number[] = [];
    for (let order = 0; order < 4; order++) {
      [y] = autograd.grad(y, [x], { createGraph: true }) as [Tensor];
      found.push(await y.item());
    }
    expect(found).toEqual([32, 48, 48, 24]); // 4x^3, 12x^2, 24x, 24
  });

  test("a gradient penalty: d/dw of |dy/dx|^2", async () => {
    // y = sum (x w)^2, dy/dx = 2 x w^2, |.|^2 = 4 x^2 w^4, d/dw = 16 x^2 w^3
    const [x, w] = [leaf([3]), leaf([2])];
    const [dx] = autograd.grad(x.mul(w).square().sum(), [x], { createGraph: true }) as [Tensor];
    dx.square().sum().backward();
    expect(await w.grad!.item()).toBe(16 * 9 * 8);
  });

  test("backward with createGraph leaves gradients that can be differentiated", async () => {
    const x = leaf([3]);
    x.pow(3).backward(null, { createGraph: true });
    const [second] = autograd.grad(x.grad!, [x]) as [Tensor];
    expect([await x.grad!.item(), await second.item()]).toEqual([27, 18]);
  });
});

describe("Function", () => {
  class Cube extends autograd.Function {
    static override forward(ctx: autograd.FunctionContext, x: Tensor, factor: number): Tensor {
      ctx.saveForBackward(x);
      ctx["factor"] = factor;
      return x.mul(x).mul(x).mul(factor);
    }
    static override backward(ctx: autograd.FunctionContext, dy: Tensor): readonly (Tensor | null)[] {
      const [x] = ctx.savedTensors as [Tensor];
      return [dy.mul(x.square()).mul(3 * (ctx["factor"] as number)), null];
    }
  }

  test("has its own derivative, differentiable again", async () => {
    const x = leaf([2, -1]);
    const y = Cube.apply(x, 2);
    expect(await y.toArray()).toEqual([16, -2]);
    const [dx] = autograd.grad(y.sum(), [x], { createGraph: true }) as [Tensor];
    expect(await dx.toArray()).toEqual([24, 6]);
    const [ddx] = autograd.grad(dx.sum(), [x]) as [Tensor];
    expect(await ddx.toArray()).toEqual([24, -12]);
  });

  test("passes gradcheck and gradgradcheck", async () => {
    const x = randn([4], { requiresGrad: true });
    expect(await autograd.gradcheck((t) => Cube.apply(t, 0.5), [x])).toBe(true);
    expect(await autograd.gradgradcheck((t) => Cube.apply(t, 0.5), [x])).toBe(true);
  });

  test("gradcheck finds a wrong derivative", async () => {
    class Wrong extends Cube {
      static override backward(_: autograd.FunctionContext, dy: Tensor): readonly (Tensor | null)[] {
        return [dy, null];
      }
    }
    await expect(autograd.gradcheck((t) => Wrong.apply(t, 1), [leaf([2])])).rejects.toThrow(
      /element 0 of input 0 \[1\]/,
    );
  });

  test("the number of gradients must be the number of inputs", () => {
    class Short extends Cube {
      static override backward(_: autograd.FunctionContext, dy: Tensor): readonly (Tensor | null)[] {
        return [dy];
      }
    }
    expect(() => Short.apply(leaf([1]), 1).backward()).toThrow("Short: backward returned 1 gradients for 2 inputs");
  });

  test("checks saved tensors for changes in place", () => {
    const x = leaf([1]).mul(1);
    const y = Cube.apply(x, 1);
    x.add_(1);
    expect(() => y.backward()).toThrow("Cube saved its tensor 0");
  });
});

test("a gradient in two halves equals the gradient of the whole", async () => {
  const x = randn([8, 3]);
  const w = randn([3, 2], { requiresGrad: true });
  x.matmul(w).square().sum().backward();
  const whole = await w.grad!.data();
  w.grad = null;
  for (const half of x.split(4)) half.matmul(w).square().sum().backward();
  expectClose(await w.grad!.data(), whole, 1e-5);
});
