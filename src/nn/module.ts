// Module: the base of all layers and models.

import { withGradEnabled } from "../autograd/modes.js";
import { DTypeError } from "../core/errors.js";
import { Device } from "../runtime/device.js";
import { checkTarget } from "../tensor/arguments.js";
import { type ZeroGradOptions, zeroGradients } from "../tensor/zero-grad.js";
import { Contents } from "./contents.js";
import { type ForwardHook, type ForwardPreHook, type FullBackwardHook, ModuleHooks } from "./hooks.js";
import { Buffer, Parameter } from "./parameter.js";
import { checkState, type LoadedKeys, type StateDict } from "./state.js";

/**
 * A layer or model. Parameters, buffers and sub-modules are found in its fields, also in arrays, nested or not, and named
 * after them:
 *
 *     class Net extends nn.Module {
 *       linear = new nn.Linear(10, 4);
 *       forward(x: Tensor): Tensor {
 *         return this.linear.forward(x);
 *       }
 *     }
 *     // names: linear.weight, linear.bias
 *
 * Plain objects, Maps and Sets that hold any of them are an error. Private #fields cannot be seen: what only they hold is
 * neither trained nor saved.
 */
export abstract class Module extends Contents {
  // biome-ignore lint/suspicious/noExplicitAny: layers take and give what they like, and generic code calls them
  abstract forward(...inputs: any[]): any;

  // ---------------------------------------------------------------------------------------------- changing it

  /** Training behaviour (dropout drops, batch norm uses the batch) on or off, here and inside. */
  train(training = true): this {
    for (const module of this.modules()) module.training = training;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /** Calls `change` with every module, innermost first. */
  apply(change: (module: Module) => void): this {
    for (const child of this.children()) child.apply(change);
    change(this);
    return this;
  }

  requiresGrad_(requiresGrad = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(requiresGrad);
    return this;
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(options?: ZeroGradOptions): void {
    zeroGradients(this.parameters(), options);
  }

  /**
   * Checks that the module lives on this device: there is one at a time, and it was made there.
   * @throws DTypeError for a dtype: parameters stay float32
   */
  to(device: Device): this {
    if (!(device instanceof Device)) {
      checkTarget(device);
      throw new DTypeError("to", "modules keep their dtypes; autocast computes in float16, tensors have to(dtype)");
    }
    for (const tensor of [...this.parameters(), ...this.buffers()]) tensor.to(device);
    return this;
  }

  // ---------------------------------------------------------------------------------------------- hooks

  readonly #hooks = new ModuleHooks(this);

  /** Calls `hook(module, inputs)` before each forward; what it returns replaces the arguments. */
  registerForwardPreHook(hook: ForwardPreHook): { remove(): void } {
    return this.#hooks.add("pre", hook);
  }

  /** Calls `hook(module, inputs, output)` after each forward; what it returns replaces the result. */
  registerForwardHook(hook: ForwardHook): { remove(): void } {
    return this.#hooks.add("forward", hook);
  }

  /**
   * Calls `hook(module, gradInput, gradOutput)` in each backward pass when the gradients of forward's tensor arguments are
   * known; what it returns replaces gradInput. Arguments and results must not be changed in place then.
   */
  registerFullBackwardHook(hook: FullBackwardHook): { remove(): void } {
    return this.#hooks.add("backward", hook);
  }

  // ---------------------------------------------------------------------------------------------- state

  /** All parameters and buffers by path. They share memory with the module: clone() what is to be kept. */
  stateDict(): StateDict {
    const state: StateDict = {};
    for (const [name, tensor] of this.named(isState)) state[name] = tensor.detach();
    return state;
  }

  /**
   * Copies values into the parameters and buffers of the same names.
   * @param options.strict - whether names that are missing or not known are an error; default true
   * @returns the names that are missing and those that are not known: none unless `strict` is false
   * @throws TapegradError naming every key that does not fit; nothing is copied then
   */
  loadStateDict(state: StateDict, { strict = true }: { readonly strict?: boolean } = {}): LoadedKeys {
    const own = new Map(this.named(isState));
    const keys = checkState(own, state, strict);
    withGradEnabled(false, () => {
      for (const [name, tensor] of own) if (state[name] !== undefined) tensor.copy_(state[name]);
    });
    return keys;
  }

  /** The module's structure, indented, as PyTorch prints it. */
  override toString(): string {
    const lines = Array.from(
      this.namedChildren(),
      ([name, child]) => `  (${name}): ${child.toString().replaceAll("\n", "\n  ")}`,
    );
    const head = `${this.constructor.name}(${this.extraRepr()}`;
    return lines.length === 0 ? `${head})` : `${head}\n${lines.join("\n")}\n)`;
  }

  /**
   * How many multiplications with an addition one call of forward takes, without those of the modules inside: of matrix
   * products and convolutions, not of biases, activations and normalization. Layers that do such products say so here, for
   * summary().
   */
  macs(_inputs: readonly unknown[], _output: unknown): number {
    return 0;
  }

  /** What distinguishes this layer from others of its class, in one line. */
  protected extraRepr(): string {
    return "";
  }
}

function isState(value: unknown): value is Parameter | Buffer {
  return value instanceof Parameter || value instanceof Buffer;
}
