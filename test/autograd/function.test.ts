// Operations with a derivative of one's own: what forward may return, what backward may.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (values: number[]): Tensor => tensor(values, { requiresGrad: true });
type Context = autograd.FunctionContext;

/** x^2 and x^3, and where x is positive. */
class Powers extends autograd.Function {
  static override forward(ctx: Context, x: Tensor): [Tensor, Tensor, Tensor] {
    const square = x.mul(x);
    ctx.saveForBackward(x, square);
    return [square, square.mul(x), x.gt(0)];
  }
  static override backward(ctx: Context, dSquare: Tensor, dCube: Tensor): Tensor {
    const [x, square] = ctx.savedTensors as [Tensor, Tensor];
    return dSquare.mul(x).mul(2).add(dCube.mul(square).mul(3));
  }
}

describe("several outputs", () => {
  test("have a gradient each", async () => {
    const x = leaf([1, -2]);
    const [square, cube, isPositive] = Powers.apply(x);
    expect(await cube.toArray()).toEqual([1, -8]);
    expect([square.requiresGrad, isPositive.requiresGrad]).toEqual([true, false]);
    square.add(cube).sum().backward(); // 2x + 3x^2
    expect(await x.grad!.toArray()).toEqual([5, 8]);
  });

  test("have a gradient of zeros if they are not used", async () => {
    const x = leaf([1, -2]);
    Powers.apply(x)[1].sum().backward();
    expect(await x.grad!.toArray()).toEqual([3, 12]);
  });

  test("can be differentiated again, saved outputs too", async () => {
    const x = leaf([1, -2]);
    expect(await autograd.gradcheck((t) => Powers.apply(t)[1], [x])).toBe(true);
    expect(await autograd.gradgradcheck((t) => Powers.apply(t)[1], [x])).toBe(true);
  });

  test("come as they are if nothing is recorded", async () => {
    const [square, cube] = Powers.apply(tensor([3]));
    expect([await square.item(), await cube.item(), square.requiresGrad]).toEqual([9, 27, false]);
  });
});

describe("what backward returns", () => {
  class Sum extends autograd.Function {
    static override forward(_: Context, a: Tensor, b: Tensor): Tensor {
      return a.add(b);
    }
    static override backward(_: Context, dy: Tensor): Tensor | (Tensor | null)[] {
      return dy;
    }
  }

  test("is one gradient per input, and a bare one is one", () => {
    expect(() => Sum.apply(leaf([1]), leaf([2])).backward()).toThrow("Sum: backward returned 1 gradients for 2 inputs");
  });

  test("is a tensor or null for each input", () => {
    class Forgotten extends Sum {
      static override backward(): Tensor {
        return undefined as never;
      }
    }
    class Numbers extends Sum {
      static override backward(): Tensor[] {
        return [1, 2] as never;
      }
    }
    const [a, b] = [leaf([1]), leaf([2])];
    expect(() => Forgotten.apply(a, b).backward()).toThrow("Forgotten: backward returned");
    expect(() => Numbers.apply(a, b).backward()).toThrow("Numbers: backward must return a tensor, or null, for each");
  });
});

test("forward returns tensors", () => {
  class Five extends autograd.Function {
    static override forward(_: Context, __: Tensor): Tensor {
      return 5 as never;
    }
  }
  expect(() => Five.apply(leaf([1]))).toThrow("Five: forward must return a tensor, or an array of tensors");
});

test("what forward returns of its inputs is a view of them", () => {
  class Same extends autograd.Function {
    static override forward(_: Context, x: Tensor): Tensor {
      return x;
    }
    static override backward(_: Context, dy: Tensor): Tensor {
      return dy;
    }
  }
  const x = leaf([1]).mul(2);
  const y = Same.apply(x);
  expect(() => y.add_(1)).toThrow("add_: this tensor is a view (made by Same)");
  x.mul_(3);
  expect(() => Same.apply(y)).toThrow("Same: mul_ changed a tensor [1] in place (made by mul)");
});
