// Pieces of compiled code: lists of values, and names, which can be read and assigned.

/** Names and their values; inner scopes have outer ones as their prototypes. */
export type Scope = Record<string, unknown>;
export type Code = (scope: Scope) => unknown;

export interface Target {
  assign(scope: Scope, value: unknown): void;
}

export type Parsed = Code & { readonly target?: Target };

/** Values of an iterable among arguments or in a list. */
export class Spread {
  constructor(readonly values: readonly unknown[]) {}
}

export function spread(codes: readonly Code[], scope: Scope): unknown[] {
  return codes.flatMap((code) => {
    const value = code(scope);
    return value instanceof Spread ? value.values : [value];
  });
}

export function sequence(all: readonly Parsed[]): Parsed {
  const code = (scope: Scope): unknown => spread(all, scope);
  const targets = all.map(({ target }) => target);
  if (targets.includes(undefined)) return code;
  const assign = (scope: Scope, value: unknown): void => {
    const values = [...(value as Iterable<unknown>)];
    if (values.length !== targets.length) throw new Error(`${values.length} values for ${targets.length} names`);
    targets.forEach((target, i) => target!.assign(scope, values[i]));
  };
  return Object.assign(code, { target: { assign } });
}

export function variable(name: string): Parsed {
  const code = (scope: Scope): unknown => {
    if (!(name in scope)) throw new Error(`the source uses ${name}, which is not known here`);
    return scope[name];
  };
  return Object.assign(code, { target: { assign: (scope: Scope, value: unknown) => void (scope[name] = value) } });
}
