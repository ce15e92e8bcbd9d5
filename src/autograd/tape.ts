// Playing the tape backwards: each node that a loss depends on, newest first (graph.ts), hands the gradient of its
// results through its derivative and on to its inputs.

import { checkTensor } from "../core/check.js";
import { AutogradError, formatShape, type TapegradError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";
import { Accumulation, type Flow } from "./accumulation.js";
import { anomaly, isAnomalyEnabled } from "./anomaly.js";
import { setAutocast } from "./autocast.js";
import { leadingTo, newestFirst } from "./graph.js";
import { withGradEnabled } from "./modes.js";
import type { Node } from "./node.js";
import type { Meta } from "./op.js";
import { inScope, type Scope } from "./scope.js";
import type { GradHome, GradHook, Variable } from "./variable.js";

export interface BackwardOptions {
  /** Keeps what the tape saved, so that it can be played back again. */
  readonly retainGraph?: boolean;
  /** Records the backward pass itself, so that gradients can be differentiated. Implies retainGraph. */
  readonly createGraph?: boolean;
}

/** The names in BackwardOptions. */
export const BACKWARD_OPTIONS = ["retainGraph", "createGraph"] as const;

export interface Root {
  readonly variable: Variable;
  /** dL/d(root) */
  readonly grad: Tensor;
}

/** How the tape makes tensors; supplied by src/tensor, the only place that constructs them. */
export interface TensorFactory {
  /** A tensor that takes over one count of the array. */
  readonly tensor: (array: NDArray, variable: Variable | undefined) => Tensor;
  readonly zeros: (meta: Meta) => Tensor;
  /** The same values in memory nobody else has: at `home`, if there is one. */
  readonly own: (given: readonly { readonly tensor: Tensor; readonly home: GradHome | undefined }[]) => Tensor[];
  /** Looks for NaN; the error, made of the position of one, is thrown at the next await. */
  readonly findNaN: (tensor: Tensor, error: (position: number) => TapegradError) => void;
}

/**
 * Plays the tape back from `roots`.
 * @param wanted - variables whose gradients to return; undefined accumulates into the leaves' `grad` instead
 */
export function playBack(
  roots: readonly Root[],
  wanted: readonly Variable[] | undefined,
  { createGraph = false, retainGraph = createGraph }: BackwardOptions,
  make: TensorFactory,
): Map<Variable, Tensor> {
  using _ = setAutocast(false); // derivatives compute in the dtypes that forward has chosen
  return withGradEnabled(createGraph, () => {
    const nodes = newestFirst(roots);
    const pass = new Pass(wanted && { variables: new Set(wanted), nodes: leadingTo(wanted, nodes) }, make);
    for (const { variable, grad } of roots) pass.add(variable, grad);
    for (const node of nodes) pass.visit(node, retainGraph);
    pass.finish();
    for (const grad of pass.results.values()) if (grad.array.isUniform) grad.array.realize(); // as for hooks
    return pass.results;
  });
}

/** One backward pass. */
class Pass {
  readonly results = new Map<Variable, Tensor>();
  /** Gradients of each node's results, summed over the uses met so far. */
  readonly #arriving = new Map<Node, (Flow | undefined)[]>();
  /** Gradients of leaves that are summed before anything is done with them. */
  readonly #leaves = new Map<Variable, Flow>();
  readonly #accumulation: Accumulation;

  constructor(
    readonly wanted: { readonly variables: ReadonlySet<Variable>; readonly nodes: ReadonlySet<Node> } | undefined,
    readonly make: TensorFactory,
  ) {
    this.#accumulation = new Accumulation(make);
  }

  /** Adds one contribution to a variable's gradient. */
  add(variable: Variable, grad: Tensor): void {
    const { node, index } = variable;
    if (node !== undefined) {
      let flows = this.#arriving.get(node);
      if (flows === undefined) this.#arriving.set(node, (flows = []));
      flows[index] = this.#sum(flows[index], grad);
    } else if (this.wanted?.variables.has(variable) || (this.wanted === undefined && variable.hooks !== undefined)) {
      this.#leaves.set(variable, this.#sum(this.#leaves.get(variable), grad));
    } else if (this.wanted === undefined) {
      this.#accumulation.add(variable, this.#sum(undefined, grad));
    }
  }

  /** Sends the gradient of a node's results through its derivative and on to its inputs. */
  visit(node: Node, retainGraph: boolean): void {
    const flows = this.#arriving.get(node);
    this.#arriving.delete(node);
    if (flows === undefined) return; // no derivative on the way here had anything to pass on
    inScope((scope) => this.#differentiate(node, flows, retainGraph, scope));
    this.#accumulation.settle();
  }

  #differentiate(node: Node, flows: readonly (Flow | undefined)[], retainGraph: boolean, scope: Scope): void {
    const dys = node.outputMetas.map((meta, index) => {
      const flow = flows[index];
      return flow === undefined ? this.make.zeros(meta) : this.#arrive(node, index, this.#open(flow), scope);
    });
    const needs = node.inputs.map((input) => input !== undefined && this.#isOnTheWay(input));
    if (!needs.includes(true)) return;
    const saved = node.unpack(this.make.tensor);
    const { op, attributes, inputMetas } = node;
    if (op.backward === undefined) throw new AutogradError("backward", `${op.name} has no derivative`);
    const dxs = op.backward(dys, { saved, attributes, inputs: inputMetas, needs });
    if (!retainGraph) node.release();
    node.inputs.forEach((input, i) => {
      const dx = dxs[i];
      if (input === undefined || dx === undefined || !needs[i]) return;
      checkShape(node, i, dx);
      if (isAnomalyEnabled()) this.make.findNaN(dx, (position) => anomaly(node, i, position));
      this.add(input, dx);
    });
  }

  /** Hooks, results and accumulation for the leaves that were summed first. */
  finish(): void {
    this.#accumulation.settle();
    for (const [variable, flow] of this.#leaves) {
      inScope((scope) => {
        const grad = applyHooks(variable.hooks, this.#open(flow), scope);
        if (this.wanted !== undefined) this.results.set(variable, scope.keep(grad));
        else this.#accumulation.accumulate(variable, grad);
      });
    }
  }

  #isOnTheWay(input: Variable): boolean {
    if (this.wanted === undefined) return true;
    return this.wanted.variables.has(input) || (input.node !== undefined && this.wanted.nodes.has(input.node));
  }

  /** The gradient of a result, complete: runs its hooks and hands it to whoever asked for it. */
  #arrive(node: Node, index: number, grad: Tensor, scope: Scope): Tensor {
    const dy = applyHooks(node.hooks[index], grad, scope);
    const retained = node.retained[index];
    if (retained !== undefined && this.wanted === undefined) this.#accumulation.accumulate(retained, dy);
    for (const variable of this.wanted?.variables ?? []) {
      if (variable.node === node && variable.index === index) this.results.set(variable, scope.keep(dy));
    }
    return dy;
  }

  #sum(flow: Flow | undefined, grad: Tensor): Flow {
    if (flow === undefined) return { array: grad.array.retain(), variable: grad.variable };
    return inScope(() => {
      const sum = this.#open(flow).add(grad);
      return { array: sum.array.retain(), variable: sum.variable };
    });
  }

  /** A tensor that takes over a flow's count. */
  #open({ array, variable }: Flow): Tensor {
    return this.make.tensor(array, variable);
  }
}

function checkShape({ op, inputMetas }: Node, i: number, dx: Tensor): void {
  const { shape } = inputMetas[i]!;
  if (sameShape(dx.shape, shape)) return;
  throw new AutogradError(
    op.name,
    `its derivative for input ${op.inputs?.[i] ?? i} has shape ${formatShape(dx.shape)}, the input has ${formatShape(shape)}`,
  );
}

/** Hooks are user code and may keep what they are given, so it outlives the pass. */
function applyHooks(hooks: readonly GradHook[] | undefined, grad: Tensor, scope: Scope): Tensor {
  return [...(hooks ?? [])].reduce((current, hook) => {
    current.array.realize(); // user code may change it in place, through a view too
    const given = hook(scope.keep(current)) ?? current;
    checkTensor("registerHook", given, "from a hook a gradient, or nothing");
    if (sameShape(given.shape, grad.shape)) return given;
    const shapes = `${formatShape(given.shape)} for one of shape ${formatShape(grad.shape)}`;
    throw new AutogradError("registerHook", `a hook returned a gradient of shape ${shapes}`);
  }, grad);
}
