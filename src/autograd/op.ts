// The contract of an operation. An op is plain data below Tensor: its forward sees arrays and launches kernels, its
// backward sees tensors and calls their methods, so derivatives are differentiable again.

import type { DType } from "../core/dtype.js";
import type { Shape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";

/** What is known of a tensor before anything is computed. */
export interface Meta {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** What the derivative of an op works with. */
interface BackwardContext<Attributes> {
  /** Saved inputs, results and extras by name. */
  readonly saved: Readonly<Record<string, Tensor>>;
  readonly attributes: Attributes;
  readonly inputs: readonly Meta[];
  /** Which inputs want a gradient. */
  readonly needs: readonly boolean[];
}

/**
 * "common": operands are converted to the dtype PyTorch would compute in (torch.result_type);
 * "float": likewise, and integers and bools to float32;
 * "choice": as "common", and numbers that do not fit are refused, as they are not computed with, where they would wrap.
 */
export type Promotion = "common" | "float" | "choice";

/** An operation as the tape sees it. Ops are written with `defineOp` and `defineListOp`. */
export interface Op<Attributes = unknown> {
  readonly name: string;
  /** Names of the operands; undefined for ops that take a list. */
  readonly inputs: readonly string[] | undefined;
  /** Names of the results, by which they can be saved. */
  readonly outputs: readonly string[];
  /** Checks the operands and says what the results will be, before any GPU work. */
  readonly shape: (inputs: readonly Meta[], attributes: Attributes) => readonly Meta[];
  readonly forward: (inputs: readonly NDArray[], attributes: Attributes, outputs: readonly Meta[]) => Results;
  /** What happens to the operands' dtypes before anything else; undefined: they stay as they are. */
  readonly promotion: Promotion | undefined;
  /** Operands that promotion leaves alone: conditions and indices. */
  readonly unpromoted: readonly string[];
  /** Names of inputs and outputs that the derivatives of the inputs that need one read. Extras are always saved. */
  readonly saves: (needs: readonly boolean[]) => readonly string[];
  /** Undefined: the op has no derivative, and its results never require grad. */
  readonly backward:
    | ((dys: readonly Tensor[], context: BackwardContext<Attributes>) => readonly (Tensor | undefined)[])
    | undefined;
}

export interface Results {
  readonly outputs: readonly NDArray[];
  /** Arrays computed on the way that only the derivative needs. */
  readonly extras?: Readonly<Record<string, NDArray>>;
}

/** @internal */
export type Named<Names extends string, T> = { readonly [Name in Names]: T };

/** dL/dinput from dL/doutput, written with methods of tensors. */
type Derivative<In extends string, Extra extends string, Attributes> = (
  dy: Tensor,
  saved: Named<In | Extra | "output", Tensor>,
  attributes: Attributes,
  metas: Named<In, Meta>,
) => Tensor;

export type Saves<In extends string> =
  | readonly (In | "output")[]
  | { readonly [Name in In]?: readonly (In | "output")[] };

interface OpSpec<In extends string, Attributes, Extra extends string> {
  readonly name: string;
  readonly inputs: readonly In[];
  readonly promotion?: Promotion;
  readonly unpromoted?: readonly NoInfer<In>[];
  readonly shape: (inputs: Named<In, Meta>, attributes: Attributes) => Meta;
  readonly forward: (
    inputs: Named<In, NDArray>,
    attributes: Attributes,
    output: Meta,
  ) => NDArray | ({ readonly output: NDArray } & Named<Extra, NDArray>);
  /** What the derivatives read; or, by input, what that input's derivative reads. */
  readonly saves?: Saves<NoInfer<In>>;
  /** Names of arrays that forward returns beside its output, for the derivative. */
  readonly extras?: readonly Extra[];
  /** One derivative per input that has one, or all together; leave it out if the op is not differentiable. */
  readonly backward?: Derivatives<NoInfer<In>, NoInfer<Extra>, Attributes>;
}

type Derivatives<In extends string, Extra extends string, Attributes> =
  | { readonly [Name in In]?: Derivative<In, Extra, Attributes> }
  | Together<In, Extra, Attributes>;

/** All dL/dinput of the inputs that need one, where a kernel computes several. */
type Together<In extends string, Extra extends string, Attributes> = (
  ...given: [...Parameters<Derivative<In, Extra, Attributes>>, needs: Named<In, boolean>]
) => { readonly [Name in In]?: Tensor | undefined };

/** Defines an op with named operands and one result. */
export function defineOp<const In extends string, Attributes = void, const Extra extends string = never>(
  spec: OpSpec<In, Attributes, Extra>,
): Op<Attributes> {
  const { name, inputs, promotion, unpromoted = [], saves = [], extras = [], backward } = spec;
  const named = <T>(values: readonly T[]): Named<In, T> => recordOf(inputs, values);
  return {
    name,
    inputs,
    outputs: ["output"],
    promotion,
    unpromoted,
    saves: (needs) => (isList(saves) ? saves : inputs.flatMap((input, i) => (needs[i] ? (saves[input] ?? []) : []))),
    shape: (metas, attributes) => [spec.shape(named(metas), attributes)],
    forward: (arrays, attributes, [output]) => {
      const result = spec.forward(named(arrays), attributes, output!);
      if (!("output" in result)) return { outputs: [result] };
      return { outputs: [result.output], extras: Object.fromEntries(extras.map((extra) => [extra, result[extra]])) };
    },
    backward:
      backward === undefined
        ? undefined
        : ([dy], { saved, attributes, inputs: metas, needs }) => {
            const given = [dy!, saved as Named<In | Extra | "output", Tensor>, attributes, named(metas)] as const;
            if (typeof backward === "function") {
              const dxs = backward(...given, named(needs));
              return inputs.map((input) => dxs[input]);
            }
            return inputs.map((input, i) => (needs[i] ? backward[input]?.(...given) : undefined));
          },
  };
}

/** @internal */
export function recordOf<Names extends string, T>(names: readonly Names[], values: readonly T[]): Named<Names, T> {
  const record = {} as Record<Names, T>;
  for (let i = 0; i < names.length; i++) record[names[i]!] = values[i]!;
  return record;
}

function isList<T>(value: readonly T[] | object): value is readonly T[] {
  return Array.isArray(value);
}

interface ListOpSpec<Attributes> {
  readonly name: string;
  readonly promotion?: Promotion;
  readonly shape: (inputs: readonly Meta[], attributes: Attributes) => Meta;
  readonly forward: (inputs: readonly NDArray[], attributes: Attributes, output: Meta) => NDArray;
  readonly backward?: (dy: Tensor, attributes: Attributes, metas: readonly Meta[]) => readonly Tensor[];
}

/** Defines an op over a list of tensors (cat, stack) with one result; nothing is saved but shapes. */
export function defineListOp<Attributes = void>(spec: ListOpSpec<Attributes>): Op<Attributes> {
  const { name, promotion, backward } = spec;
  return {
    name,
    inputs: undefined,
    outputs: ["output"],
    promotion,
    unpromoted: [],
    saves: () => [],
    shape: (metas, attributes) => [spec.shape(metas, attributes)],
    forward: (arrays, attributes, [output]) => ({ outputs: [spec.forward(arrays, attributes, output!)] }),
    backward: backward && (([dy], { attributes, inputs }) => backward(dy!, attributes, inputs)),
  };
}
