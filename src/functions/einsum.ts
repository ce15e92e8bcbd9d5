// Einstein's summation convention.

import { checkTensor, describe } from "../core/check.js";
import { ShapeError, TapegradError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";

/** A dimension's label: a letter, or "...3" for the third from last of those that an ellipsis stands for. */
type Label = string;

/** A tensor whose dimensions have distinct labels. */
interface Term {
  readonly x: Tensor;
  readonly labels: readonly Label[];
}

/**
 * Sums of products by the labels of dimensions: einsum("ij,jk->ik", a, b) is the matrix product. Labels that the result
 * does not name are summed over; a label twice in one operand takes its diagonal; "..." stands for any leading dimensions,
 * which broadcast, as dimensions of size 1 do. Without "->" the result has the labels that occur once, in alphabetical order.
 * Also einsum(a, [0, 1], b, [1, 2], [0, 2]) with numbers for labels.
 *
 * @throws TapegradError for an equation that does not parse; ShapeError for operands that do not fit it
 */
export function einsum(equation: string, ...operands: readonly (Tensor | readonly Tensor[])[]): Tensor;
export function einsum(first: Tensor, ...sublists: readonly (Tensor | readonly number[])[]): Tensor;
export function einsum(first: string | Tensor, ...rest: readonly unknown[]): Tensor {
  if (typeof first !== "string") return contract(...fromSublists([first, ...rest]));
  return contract(first, rest.flat() as Tensor[]);
}

function contract(equation: string, operands: readonly Tensor[]): Tensor {
  for (const operand of operands) checkTensor("einsum", operand);
  const [left, right, ...more] = equation.replaceAll(" ", "").split("->") as [string, ...string[]];
  const inputs = left.split(",");
  if (more.length > 0 || ![...inputs, right ?? ""].every((part) => /^[a-zA-Z]*(\.\.\.)?[a-zA-Z]*$/.test(part))) {
    throw new TapegradError("einsum", `cannot read ${describe(equation)}; it must be like "ij,jk->ik"`);
  }
  if (inputs.length !== operands.length) {
    throw new TapegradError("einsum", `${describe(equation)} is for ${inputs.length} operands, got ${operands.length}`);
  }
  const all = operands.map((x, i) => labelsOf(equation, inputs[i]!, x));
  const output = outputLabels(equation, right, all);
  const terms = operands.map((x, i) => diagonals(x, all[i]!));
  const sizes = sizesOf(terms);
  const [first, ...others] = terms as [Term, ...Term[]];
  let result = first;
  others.forEach((other, i) => {
    const needed = new Set([...output, ...others.slice(i + 1).flatMap(({ labels }) => labels)]);
    result = multiply(result, other, needed, sizes);
  });
  const { x, labels } = summed(result, new Set(output));
  return x.permute(output.map((label) => labels.indexOf(label)));
}

/** A label for each dimension of an operand. */
function labelsOf(equation: string, part: string, { shape }: Tensor): Label[] {
  const [before, after] = part.split("...") as [string, string?];
  const hidden = shape.length - part.replace("...", "").length;
  if (hidden < 0 || (hidden > 0 && after === undefined)) {
    throw new ShapeError("einsum", [shape], `${describe(part)} in ${describe(equation)} names other dimensions`);
  }
  return [...before, ...(after === undefined ? [] : ellipsis(hidden)), ...(after ?? "")];
}

function ellipsis(count: number): Label[] {
  return Array.from({ length: count }, (_, i) => `...${count - i}`);
}

function outputLabels(equation: string, part: string | undefined, inputs: readonly (readonly Label[])[]): Label[] {
  const named = inputs.flat();
  const hidden = ellipsis(
    Math.max(0, ...named.filter((label) => label.length > 1).map((label) => Number(label.slice(3)))),
  );
  if (part === undefined) {
    const once = named.filter((label) => label.length === 1 && named.indexOf(label) === named.lastIndexOf(label));
    return [...hidden, ...once.sort()];
  }
  const [before, after] = part.split("...") as [string, string?];
  const output = [...before, ...(after === undefined ? [] : hidden), ...(after ?? "")];
  const stray = output.find((label, i) => !named.includes(label) || output.indexOf(label) !== i);
  if (stray === undefined) return output;
  throw new TapegradError("einsum", `the result of ${describe(equation)} names ${stray} twice, or no operand does`);
}

/** Of dimensions with one label, the elements where their indices are equal. */
function diagonals(x: Tensor, labels: readonly Label[]): Term {
  const at = labels.findIndex((label, d) => labels.indexOf(label) !== d);
  if (at < 0) return { x, labels };
  const first = labels.indexOf(labels[at]!);
  const [n, other] = [x.shape[first]!, x.shape[at]!];
  if (n !== other) throw new ShapeError("einsum", [x.shape], `dimensions labelled ${labels[at]} are ${n} and ${other}`);
  const rest = labels.map((_, d) => d).filter((d) => d !== first && d !== at);
  const square = x.permute([...rest, first, at]).reshape([...rest.map((d) => x.shape[d]!), n * n]);
  const diagonal = square.sliced({ dim: rest.length, start: 0, length: n, step: n + 1 });
  return diagonals(diagonal, [...rest.map((d) => labels[d]!), labels[at]!]);
}

/** The size of each label's dimension; 1 broadcasts. */
function sizesOf(terms: readonly Term[]): Map<Label, number> {
  const sizes = new Map<Label, number>();
  for (const { x, labels } of terms) {
    labels.forEach((label, d) => {
      const [size, known = 1] = [x.shape[d]!, sizes.get(label)];
      if (size !== known && size !== 1 && known !== 1) {
        const shapes = terms.map((term) => term.x.shape);
        throw new ShapeError("einsum", shapes, `the dimensions labelled ${label} are ${known} and ${size}`);
      }
      sizes.set(label, size === 1 ? known : size);
    });
  }
  return sizes;
}

function summed({ x, labels }: Term, needed: ReadonlySet<Label>): Term {
  const dims = labels.map((_, d) => d).filter((d) => !needed.has(labels[d]!));
  return dims.length === 0 ? { x, labels } : { x: x.sum(dims), labels: labels.filter((label) => needed.has(label)) };
}

/** The product of two terms, summed over labels that are not needed: one batched matrix product. */
function multiply(a: Term, b: Term, needed: ReadonlySet<Label>, sizes: ReadonlyMap<Label, number>): Term {
  const left = summed(a, new Set([...needed, ...b.labels]));
  const right = summed(b, new Set([...needed, ...a.labels]));
  const shared = left.labels.filter((label) => right.labels.includes(label));
  const batch = shared.filter((label) => needed.has(label));
  const inner = shared.filter((label) => !needed.has(label));
  const rows = left.labels.filter((label) => !shared.includes(label));
  const columns = right.labels.filter((label) => !shared.includes(label));
  const size = (labels: readonly Label[]): number => labels.reduce((n, label) => n * sizes.get(label)!, 1);
  const arranged = ({ x, labels }: Term, ...groups: readonly (readonly Label[])[]): Tensor => {
    const order = groups.flat();
    const turned = x.permute(order.map((label) => labels.indexOf(label)));
    return turned.expand(order.map((label) => sizes.get(label)!)).reshape(groups.map(size));
  };
  const isProduct = inner.length > 0 && (rows.length > 0 || columns.length > 0);
  const y = isProduct
    ? arranged(left, batch, rows, inner).matmul(arranged(right, batch, inner, columns))
    : arranged(left, batch, rows, [], inner)
        .mul(arranged(right, batch, [], columns, inner))
        .sum(-1)
        .to(left.x.dtype);
  const labels = [...batch, ...rows, ...columns];
  return { x: y.reshape(labels.map((label) => sizes.get(label)!)), labels };
}

/** Numbers for labels, as letters. */
function fromSublists(given: readonly unknown[]): [equation: string, operands: Tensor[]] {
  const letters = (list: unknown): string => {
    if (!Array.isArray(list) || !list.every((n) => Number.isInteger(n) && n >= 0 && n < 52)) {
      throw new TapegradError(
        "einsum",
        `takes an equation, or tensors with lists of numbers below 52, got ${describe(list)}`,
      );
    }
    return list.map((n: number) => String.fromCharCode(n < 26 ? 65 + n : 71 + n)).join("");
  };
  const pairs = Math.floor(given.length / 2);
  const operands = Array.from({ length: pairs }, (_, i) => given[2 * i] as Tensor);
  const inputs = operands.map((_, i) => letters(given[2 * i + 1]));
  const output = given.length % 2 === 1 ? `->${letters(given.at(-1))}` : "";
  return [`${inputs.join(",")}${output}`, operands];
}
