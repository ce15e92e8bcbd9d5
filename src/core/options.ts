// Optional arguments. They belong into the trailing options object; some people write by position, as in PyTorch, and then
// both are understood: x.softmax(-1) and x.softmax({ dim: -1 }), cat(tensors, 1) and cat(tensors, { dim: 1 }).

/** An optional argument by position, or an options object that may hold it. */
export type Optional<Name extends string, T> = T | { readonly [N in Name]?: T | null } | null;

/** The value of an optional argument, wherever it stands; `standard` where it does not. */
export function optional<Name extends string, T>(
  given: Optional<Name, T> | undefined,
  name: Name,
  standard: NoInfer<T>,
): T {
  const value = isOptions<{ readonly [N in Name]?: T | null }>(given) ? given[name] : given;
  return value ?? standard;
}

/** The options among the arguments of a call whose positional argument may be left out. */
export function optionsIn<Options extends object>(given: unknown, options: Options): Options {
  return isOptions<Options>(given) ? given : options;
}

/** Whether a value is an options object rather than a number, a list or a tensor. */
export function isOptions<Options extends object>(value: unknown): value is Options {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The options of a call whose first one, `name`, may also stand by position. */
export function named<Options extends object>(given: unknown, name: keyof Options): Options {
  return isOptions<Options>(given) ? given : ((given == null ? {} : { [name]: given }) as Options);
}
