// Whether a state dict is one of the optimizer that it is loaded into: found out before anything changes.

import { checkWhole, describe, isTensor } from "../core/check.js";
import { formatShape, inWords, ShapeError, TapegradError } from "../core/errors.js";
import { type Shape, sameShape } from "../core/shape.js";
import type { Group, GroupRule, Rule } from "./rule.js";

const OP = "loadStateDict";

/** A group's options, with the parameters by their position. */
export type SavedGroup<Options> = { readonly params: readonly number[] } & Options;

/** Throws unless the value has both parts of a state dict. */
function checkStateDict(name: string, given: unknown): void {
  const { state, paramGroups } = (given ?? {}) as { readonly state?: unknown; readonly paramGroups?: unknown };
  if (isObject(state) && Array.isArray(paramGroups) && paramGroups.every((group) => Array.isArray(group?.params)))
    return;
  throw new TapegradError(OP, `takes ${name}'s stateDict(), { state, paramGroups }, got ${describe(given)}`);
}

/** The groups with the options that were saved. Throws unless they are this rule's, for as many parameters. */
export function checkedGroups<Options extends object>(
  rule: GroupRule<Options>,
  groups: readonly Group<Options>[],
  given: unknown,
  names: readonly string[],
): Group<Options>[] {
  checkStateDict(rule.name, given);
  const { paramGroups } = given as { readonly paramGroups: readonly SavedGroup<Options>[] };
  const sizes = (all: readonly { readonly params: readonly unknown[] }[]): string =>
    all.map(({ params }) => params.length).join(", ");
  if (sizes(paramGroups) !== sizes(groups)) {
    const here = `the groups have [${sizes(groups)}] parameters here`;
    throw new TapegradError(OP, `${here} and [${sizes(paramGroups)}] in the state`);
  }
  return groups.map((group, i) => {
    const saved = paramGroups[i]!;
    const known = [...names, ...Object.keys(group), "initialLr"]; // which a scheduler adds
    const has = Object.keys(saved).filter((name) => !known.includes(name));
    const lacks = names.filter((name) => !Object.hasOwn(saved, name));
    if (has.length + lacks.length > 0) {
      const problem = `group ${i} has options ${inWords(has)} of another, and lacks ${inWords(lacks)}`;
      throw new TapegradError(OP, `the state is not ${rule.name}'s: ${problem}`);
    }
    const full = { ...group, ...saved, params: group.params };
    rule.check(full);
    return full;
  });
}

/** Throws unless each parameter's state is what the rule keeps for it; a parameter that took no step has none. */
export function checkEntries<Options>(
  rule: Rule<Options>,
  groups: readonly Group<Options>[],
  state: Readonly<Record<number, unknown>>,
): void {
  const places = groups.flatMap((group) => group.params.map(({ shape }) => ({ group, shape })));
  const beyond = Object.keys(state).find((index) => places[Number(index)] === undefined);
  if (beyond !== undefined)
    throw new TapegradError(OP, `the state has a parameter ${beyond}; there are ${places.length}, from 0`);
  for (const [index, { group, shape }] of places.entries()) {
    const entry = state[index];
    if (entry === undefined) continue;
    if (!isObject(entry)) throw new TapegradError(OP, `the state of parameter ${index} is ${describe(entry)}`);
    checkWhole(OP, { [`step of parameter ${index}`]: entry["step"] });
    if (entry["step"] === 0) continue;
    const numbers = Object.keys(rule.advance?.(group, { step: 0 }) ?? { step: 0 });
    const tensors = rule.state(group);
    const [has, wants] = [Object.keys(entry), [...numbers, ...tensors]];
    if (has.length !== wants.length || !wants.every((name) => has.includes(name))) {
      const problem = `has ${inWords(has.filter(isNotStep))}, wants ${inWords(wants.filter(isNotStep))}`;
      throw new TapegradError(OP, `the state is not ${rule.name}'s: ${problem} (parameter ${index})`);
    }
    for (const name of numbers)
      if (typeof entry[name] !== "number")
        throw new TapegradError(OP, `${name} of parameter ${index} must be a number, got ${describe(entry[name])}`);
    for (const name of tensors) checkVector(`${name} of parameter ${index}`, entry[name], shape);
  }
}

/** Throws unless a tensor of state has the shape that it must have. */
export function checkVector(what: string, value: unknown, shape: Shape): void {
  if (!isTensor(value)) throw new TapegradError(OP, `${what} must be a tensor, got ${describe(value)}`);
  if (sameShape(value.shape, shape)) return;
  const problem = `${what} is ${formatShape(shape)} here and ${formatShape(value.shape)} in the state`;
  throw new ShapeError(OP, [], problem);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isTensor(value);
}

function isNotStep(name: string): boolean {
  return name !== "step";
}
