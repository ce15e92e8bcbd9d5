// Parameters in groups, each with options of its own: what all optimizers work on.

import { describe, elementsOf, isTensor } from "../core/check.js";
import { AutogradError, TapegradError } from "../core/errors.js";
import { checkNames, checkOptions } from "../core/options.js";
import { refuseInStep } from "../runtime/recording.js";
import type { Tensor } from "../tensor/tensor.js";
import { type ZeroGradOptions, zeroGradients } from "../tensor/zero-grad.js";
import type { Group, GroupRule, ParamGroup, Params } from "./rule.js";
import { checkedGroups, type SavedGroup } from "./saved-state.js";

/** Groups of parameters, with what an optimizer says about their options. */
export abstract class ParamGroups<Options extends object> {
  readonly paramGroups: Group<Options>[] = [];
  /** The options of groups that have no others. */
  readonly defaults: Options;
  readonly #rule: GroupRule<Options>;
  /** The names that options have. */
  readonly #names: readonly string[];

  constructor(rule: GroupRule<Options>, params: Params<Options>, defaults: object, given?: object | null) {
    const { name } = rule;
    this.#rule = rule;
    this.#names = [...new Set(["lr", ...Object.keys(defaults)])]; // SGD has no default for lr
    const options = checkOptions(name, given);
    checkNames(name, options, this.#names);
    this.defaults = { ...defaults, ...options } as Options; // the rule checks the values, group by group
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
    if (group?.params !== undefined) checkNames(op, group, ["params", ...this.#names, "initialLr"]);
    const full = { ...this.defaults, ...group, params };
    this.#rule.check(full);
    this.paramGroups.push(full);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(options?: ZeroGradOptions): void {
    for (const { params } of this.paramGroups) zeroGradients(params, options);
  }

  /** The groups as they will be with a state dict's options. Throws unless it is one of this optimizer; changes nothing. */
  protected checkedGroups(saved: unknown): readonly Group<Options>[] {
    return checkedGroups(this.#rule, this.paramGroups, saved, this.#names);
  }

  /** Takes over a state dict's options. */
  protected loadGroups(groups: readonly Group<Options>[]): void {
    this.paramGroups.forEach((group, i) => {
      Object.assign(group, groups[i]);
    });
  }

  /** The groups' options, with the parameters by their position. */
  protected groupOptions(): SavedGroup<Options>[] {
    let index = 0;
    return this.paramGroups.map((group) => ({ ...group, params: group.params.map(() => index++) }));
  }
}

function listOf<T>(op: string, params: Iterable<T>): T[] {
  const list = elementsOf(params);
  if (list === undefined) throw unfit(op, params);
  return list;
}

function unfit(op: string, got: unknown): TapegradError {
  return new TapegradError(op, `takes net.parameters() or { params } groups, got ${describe(got)}`);
}
