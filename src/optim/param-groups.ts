// Parameters in groups, each with options of its own: what all optimizers work on.

import { describe, isTensor } from "../core/check.js";
import { AutogradError, TapegradError } from "../core/errors.js";
import { refuseInStep } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Group, GroupRule, ParamGroup, Params } from "./rule.js";

/** Groups of parameters, with what an optimizer says about their options. */
export abstract class ParamGroups<Options extends object> {
  readonly paramGroups: Group<Options>[] = [];
  readonly #rule: GroupRule<Options>;

  constructor(
    rule: GroupRule<Options>,
    params: Params<Options>,
    readonly defaults: Options,
  ) {
    const { name } = rule;
    this.#rule = rule;
    refuseInStep("makes an optimizer", "make it before");
    const list = listOf<Tensor | ParamGroup<Options>>(name, params);
    if (list.length === 0) throw new TapegradError(name, "got no parameters");
    const groups = list.every(isTensor) ? [{ params: list }] : list;
    for (const group of groups) this.addParamGroup(group as ParamGroup<Options>);
  }

  /** Adds parameters with options of their own, for instance layers that are unfrozen later. */
  addParamGroup(group: ParamGroup<Options>): void {
    const op = this.#rule.name;
    const params = listOf(op, group?.params ?? group);
    const known = new Set(this.paramGroups.flatMap((other) => other.params));
    for (const param of params) {
      if (!isTensor(param)) throw unfit(op, param);
      if (!param.isLeaf) throw new AutogradError(op, `can only optimize leaves; got a tensor made by ${param.madeBy}`);
      if (known.has(param)) throw new TapegradError(op, "a parameter appears twice");
      known.add(param);
    }
    const full = { ...this.defaults, ...group, params };
    this.#rule.check(full);
    this.paramGroups.push(full);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const { params } of this.paramGroups) for (const param of params) param.variable?.setGrad(undefined);
  }

  /** Throws unless a state dict has groups of the sizes that they have here; takes over their options. */
  protected loadGroups(paramGroups: readonly ({ readonly params: readonly unknown[] } & Options)[]): void {
    const sizes = (groups: readonly { readonly params: readonly unknown[] }[]): string =>
      groups.map(({ params }) => params.length).join(", ");
    if (sizes(paramGroups) !== sizes(this.paramGroups)) {
      throw new TapegradError(
        "loadStateDict",
        `the groups have [${sizes(this.paramGroups)}] parameters here and [${sizes(paramGroups)}] in the state`,
      );
    }
    this.paramGroups.forEach((group, i) => {
      const { params: _, ...options } = paramGroups[i]!;
      Object.assign(group, options);
    });
  }

  /** The groups' options, with the parameters by their position. */
  protected groupOptions(): ({ readonly params: readonly number[] } & Options)[] {
    let index = 0;
    return this.paramGroups.map((group) => ({ ...group, params: group.params.map(() => index++) }));
  }
}

/** The parameters as a list. Containers of modules are iterable too. */
function listOf<T>(op: string, params: Iterable<T>): T[] {
  const isList = typeof params === "object" && params !== null && Symbol.iterator in params;
  if (!isList || "parameters" in params) throw unfit(op, params);
  return [...params];
}

function unfit(op: string, got: unknown): TapegradError {
  return new TapegradError(op, `takes net.parameters() or { params } groups, got ${describe(got)}`);
}
