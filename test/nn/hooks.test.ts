// Hooks of modules.

import { beforeAll, describe, expect, test } from "vitest";
import { nn, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

class Double extends nn.Module {
  forward(x: Tensor): Tensor {
    return x.mul(2);
  }
}
const leaf = (...values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe("before and after forward", () => {
  test("run in order, see module, inputs and output, and may replace them", async () => {
    const module = new Double();
    const seen: string[] = [];
    module.registerForwardPreHook((own, [x]) => {
      seen.push(`pre ${own === module}`);
      return (x as Tensor).add(1); // alone, without an array
    });
    module.registerForwardPreHook(() => void seen.push("pre 2"));
    module.registerForwardHook((_, inputs, output) => {
      seen.push(`after ${inputs.length}`);
      return (output as Tensor).neg();
    });
    expect(await module.forward(tensor([3])).item()).toBe(-8);
    expect(seen).toEqual(["pre true", "pre 2", "after 1"]);
  });

  test("of modules inside a Sequential, too", async () => {
    const net = new nn.Sequential(new Double(), new Double());
    const outputs: unknown[] = [];
    for (const child of net.children()) child.registerForwardHook((_, __, y) => void outputs.push(y));
    await net.forward(tensor([1])).item();
    expect(await Promise.all(outputs.map((y) => (y as Tensor).item()))).toEqual([2, 4]);
  });

  test("are gone when removed; one that is registered twice is two", async () => {
    const module = new Double();
    let calls = 0;
    const hook = (): void => void calls++;
    const [first, second] = [module.registerForwardHook(hook), module.registerForwardHook(hook)];
    module.forward(tensor([1]));
    first.remove();
    first.remove();
    module.forward(tensor([1]));
    second.remove();
    module.forward(tensor([1]));
    expect(calls).toBe(3);
    expect(Object.hasOwn(module, "forward")).toBe(false);
  });

  test("stand before a forward that is a field, and leave it as it was", () => {
    class Arrow extends nn.Module {
      override forward = (x: Tensor): Tensor => x;
    }
    const module = new Arrow();
    const own = module.forward;
    const handle = module.registerForwardHook(() => tensor([7]));
    expect(module.forward(tensor([1])).shape).toEqual([1]);
    expect(module.forward).not.toBe(own);
    handle.remove();
    expect(module.forward).toBe(own);
  });

  test("are no part of the state", () => {
    const module = new nn.Linear(2, 2);
    module.registerForwardHook(() => {});
    expect(Object.keys(module.stateDict())).toEqual(["weight", "bias"]);
    expect(module.toString()).toBe(new nn.Linear(2, 2).toString());
  });
});

describe("full backward", () => {
  test("sees dL/d(input) and dL/d(output)", async () => {
    const module = new Double();
    const seen: (Tensor | null)[][] = [];
    module.registerFullBackwardHook((own, gradInput, gradOutput) => {
      expect(own).toBe(module);
      seen.push([...gradInput, ...gradOutput]);
    });
    const x = leaf(1, 2);
    module
      .forward(x)
      .mul(tensor([10, 100]))
      .sum()
      .backward();
    expect(await Promise.all(seen[0]!.map((grad) => grad!.toArray()))).toEqual([[20, 200], [10, 100]]); // biome-ignore format: pairs
    expect(await x.grad!.toArray()).toEqual([20, 200]);
  });

  test("may replace dL/d(input)", async () => {
    const module = new Double();
    module.registerFullBackwardHook((_, [dx]) => [dx!.mul(5)]);
    const x = leaf(1);
    module.forward(x).backward();
    expect(await x.grad!.item()).toBe(10);
  });

  test("gets null for arguments without a gradient, and runs when none has one", async () => {
    const linear = new nn.Linear(1, 1);
    const seen: nn.Gradients[] = [];
    linear.registerFullBackwardHook((_, gradInput) => void seen.push(gradInput));
    linear
      .forward(tensor([[3]]))
      .sum()
      .backward();
    expect(seen).toEqual([[null]]);
    expect(await linear.weight.grad!.item()).toBe(3);
  });

  test("several arguments and results", async () => {
    class Swap extends nn.Module {
      forward(a: Tensor, b: Tensor): Tensor[] {
        return [b.mul(3), a.mul(2)];
      }
    }
    const module = new Swap();
    let seen: (Tensor | null)[] = [];
    module.registerFullBackwardHook((_, gradInput, gradOutput) => void (seen = [...gradInput, ...gradOutput]));
    const [a, b] = [leaf(1), leaf(1)];
    const [p, q] = module.forward(a, b) as [Tensor, Tensor];
    p.mul(7).add(q).backward();
    expect(await Promise.all(seen.map((grad) => grad!.item()))).toEqual([2, 21, 7, 1]);
  });

  test("a wrong number of gradients is an error", () => {
    const module = new Double();
    module.registerFullBackwardHook(() => []);
    const y = module.forward(leaf(1));
    expect(() => y.backward()).toThrow(/registerFullBackwardHook: the hook returned 0 gradients for 1 arguments/);
  });
});
