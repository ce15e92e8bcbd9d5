// What the models of the training references have in common. Sizes are read off the shapes of the state dict.

import { nn, type Tensor } from "tapegrad";

/** Shapes of a state dict's tensors. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** The samples of one step, or of a part of it. */
export interface Batch {
  /** Rows of `data` that the batch consists of: x, y or tokens, by name. */
  readonly rows: Readonly<Record<string, Tensor>>;
  /** What belongs to the step itself, such as noise. */
  readonly noise: Readonly<Record<string, Tensor>>;
}

/** A kind of model, with its loss. */
export interface Family<M extends nn.Module = nn.Module> {
  /** @param source - the PyTorch code, for what no shape tells */
  make(shapes: Shapes, source: string): M;
  loss(model: M, batch: Batch): Tensor;
}

/** The shape of one tensor. */
export function shapeOf(shapes: Shapes, name: string): readonly number[] {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`the state dict has no ${name}`);
  return shape;
}

/** Whole numbers i for which the state dict has a tensor name(i), in order. */
export function numbered(shapes: Shapes, name: (i: number) => string): number[] {
  return Array.from({ length: 1000 }, (_, i) => i).filter((i) => name(i) in shapes);
}

/** Linear layer of the size that the state dict has. */
export function linearOf(shapes: Shapes, name: string): nn.Linear {
  const [outFeatures, inFeatures] = shapeOf(shapes, `${name}.weight`) as [number, number];
  return new nn.Linear(inFeatures, outFeatures, { bias: `${name}.bias` in shapes });
}

/** A number from the model's code. */
export function numberIn(source: string, pattern: RegExp): number {
  const found = pattern.exec(source)?.[1];
  if (found === undefined) throw new Error(`the source does not say ${pattern}`);
  return Number(found);
}

/** Makes modules or parameters fields of a module, with the names they have in PyTorch's code. */
export function name(owner: nn.Module, members: Readonly<Record<string, nn.Module | nn.Parameter>>): void {
  Object.assign(owner, members);
}
