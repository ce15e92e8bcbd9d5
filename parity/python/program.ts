// A source run: its classes are nn.Module's, its last class the model, its last function the loss.

import type { nn } from "tapegrad";
import { binary } from "./arithmetic.js";
import { Reader } from "./expressions.js";
import { isTrue } from "./operations.js";
import type { Callable } from "./signatures.js";
import { type Line, linesOf } from "./tokens.js";
import { GLOBALS, Interpreted } from "./torch.js";
import type { Code, Scope } from "./values.js";

export interface Program {
  /** The model with its parameters as they are before the state dict is loaded. */
  readonly model: nn.Module;
  /** The loss, of as many arguments as the source's function takes. */
  readonly loss: Callable;
  /** Parameters of `loss`. */
  readonly takes: number;
}

/** @throws with the line or the name that is not known */
export function programOf(source: string): Program {
  const scope: Scope = Object.assign(Object.create(null), GLOBALS);
  runBlock(statementsOf(linesOf(source)), scope);
  const defined = Object.entries(scope);
  const made = defined.filter(([, value]) => classes.has(value)).at(-1);
  const loss = defined.filter(([, value]) => arities.has(value)).at(-1);
  if (made === undefined) throw new Error("the source has no class of nn.Module");
  if (loss === undefined) throw new Error("the source has no function for the loss");
  const model = (made[1] as Callable)([], {}) as nn.Module;
  return { model, loss: loss[1] as Callable, takes: arities.get(loss[1])! };
}

/** What functions of the source and its classes are known by. */
const arities = new Map<unknown, number>();
const classes = new Set<unknown>();

/** A value that ends a function. */
class Returned {
  constructor(readonly value: unknown) {}
}

type Statement = (scope: Scope) => Returned | undefined;

function runBlock(block: readonly Statement[], scope: Scope): Returned | undefined {
  for (const statement of block) {
    const returned = statement(scope);
    if (returned !== undefined) return returned;
  }
  return undefined;
}

function statementsOf(lines: readonly Line[]): Statement[] {
  const statements: Statement[] = [];
  for (const [i, line] of lines.entries()) {
    if (/^(else|elif)\b/.test(line.text)) continue; // part of the if before it
    const others: Line[] = [];
    for (let next = i + 1; /^(else|elif)\b/.test(lines[next]?.text ?? ""); next++) others.push(lines[next]!);
    statements.push(statementOf(line, others));
  }
  return statements;
}

function statementOf(line: Line, others: readonly Line[], reader = new Reader(line.text)): Statement {
  if (reader.take("import") || reader.take("from") || reader.take("pass")) return () => undefined;
  if (reader.take("return")) {
    const code = reader.isAtEnd ? () => null : reader.expressions();
    if (!reader.isAtEnd) reader.fail("wanted the end");
    return (scope) => new Returned(code(scope));
  }
  if (reader.take("def")) return definition(reader, line);
  if (reader.take("class")) return classOf(reader, line);
  if (reader.take("if")) return branch(reader, line, others);
  if (reader.take("for")) {
    const target = reader.targets();
    reader.expect("in");
    const values = reader.expressions();
    const body = bodyOf(reader, line);
    return (scope) => {
      for (const value of values(scope) as Iterable<unknown>) {
        target.assign(scope, value);
        const returned = runBlock(body, scope);
        if (returned !== undefined) return returned;
      }
      return undefined;
    };
  }
  return assignment(reader);
}

/** An expression, or its value for one or more targets. */
function assignment(reader: Reader): Statement {
  const all = [reader.expressions()];
  const operator = ["+=", "-=", "*=", "/="].find((own) => reader.take(own));
  if (operator !== undefined) {
    const { target } = all[0]!;
    const code = reader.expressions();
    if (target === undefined || !reader.isAtEnd) reader.fail("cannot assign to this");
    return (scope) => void target.assign(scope, binary(operator[0]!, all[0]!(scope), code(scope)));
  }
  while (reader.take("=")) all.push(reader.expressions());
  if (!reader.isAtEnd) reader.fail("this is not read");
  const code = all.pop()!;
  const targets = all.map(({ target }) => target ?? reader.fail("cannot assign to this"));
  return (scope) => {
    const value = code(scope);
    for (const target of targets) target.assign(scope, value);
    return undefined;
  };
}

/** The block of a line that ends in a colon; it may be on the line itself. */
function bodyOf(reader: Reader, line: Line): Statement[] {
  reader.expect(":");
  if (reader.isAtEnd) return statementsOf(line.body);
  return [statementOf({ text: line.text, body: [] }, [], reader)];
}

function branch(reader: Reader, line: Line, others: readonly Line[]): Statement {
  const condition = reader.expression();
  const body = bodyOf(reader, line);
  const [next, ...rest] = others;
  let otherwise: Statement[] = [];
  if (next?.text.startsWith("elif")) otherwise = [statementOf({ ...next, text: next.text.slice(2) }, rest)];
  else if (next !== undefined) {
    const own = new Reader(next.text);
    own.expect("else");
    otherwise = bodyOf(own, next);
  }
  return (scope) => runBlock(isTrue(condition(scope)) ? body : otherwise, scope);
}

function definition(reader: Reader, line: Line): Statement {
  const name = reader.name();
  const parameters: { name: string; preset?: Code }[] = [];
  reader.expect("(");
  while (!reader.take(")")) {
    const parameter = reader.name();
    if (reader.take(":")) reader.expression();
    parameters.push(reader.take("=") ? { name: parameter, preset: reader.expression() } : { name: parameter });
    if (!reader.is(")")) reader.expect(",");
  }
  if (reader.take("->")) reader.expression();
  const body = bodyOf(reader, line);
  return (outer) => {
    const presets = new Map(parameters.flatMap(({ name, preset }) => (preset ? [[name, preset(outer)] as const] : [])));
    const own: Callable = (args, named) => {
      const scope = Object.create(outer) as Scope;
      if (args.length > parameters.length) throw new Error(`the source gives ${name} too many arguments`);
      for (const [i, { name: parameter }] of parameters.entries()) {
        const isGiven = i < args.length || parameter in named || presets.has(parameter);
        if (!isGiven) throw new Error(`the source gives ${name} no ${parameter}`);
        scope[parameter] = i < args.length ? args[i] : parameter in named ? named[parameter] : presets.get(parameter);
      }
      return runBlock(body, scope)?.value ?? null;
    };
    arities.set(own, parameters.length);
    outer[name] = own;
    return undefined;
  };
}

function classOf(reader: Reader, line: Line): Statement {
  const name = reader.name();
  reader.expect("(");
  const base = reader.expression();
  reader.expect(")");
  const body = bodyOf(reader, line);
  return (outer) => {
    const isModule = (base as Code)(outer) !== undefined && /\(\s*(torch\.)?nn\.Module\s*\)/.test(line.text);
    if (!isModule) throw new Error(`the source's class ${name} is not one of nn.Module`);
    const methods = Object.create(outer) as Scope;
    runBlock(body, methods);
    const own: Callable = (args, named) => {
      const module = new Interpreted(methods);
      module.method("__init__")?.(args, named);
      return module;
    };
    classes.add(own);
    outer[name] = own;
    return undefined;
  };
}
