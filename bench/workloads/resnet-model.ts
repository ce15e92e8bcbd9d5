// ResNet-18 (He et al., "Deep residual learning for image recognition", 2015): as modules, and as a function of weights.

import { F, nn, type Tensor } from "tapegrad";

export const CLASSES = 1000;

/** The eight blocks: channels in and out, and the stride. */
const BLOCKS = [64, 128, 256, 512].flatMap((to, stage) => [
  { from: stage === 0 ? 64 : to / 2, to, stride: stage === 0 ? 1 : 2 },
  { from: to, to, stride: 1 },
]);

const changes = ({ from, to, stride }: (typeof BLOCKS)[number]): boolean => stride !== 1 || from !== to;
const unit = (from: number, to: number, size: number) => [[to, from, size, size], [to], [to]];
export const SHAPES = [
  ...unit(3, 64, 7),
  ...BLOCKS.flatMap((block) => [
    ...unit(block.from, block.to, 3),
    ...unit(block.to, block.to, 3),
    ...(changes(block) ? unit(block.from, block.to, 1) : []),
  ]),
  [CLASSES, 512],
  [CLASSES],
];

/** A convolution without bias, normalized. */
class Unit extends nn.Module {
  readonly conv: nn.Conv2d;
  readonly norm: nn.BatchNorm2d;

  constructor(from: number, to: number, size: number, stride: number) {
    super();
    this.conv = new nn.Conv2d(from, to, size, { stride, padding: size >> 1, bias: false });
    this.norm = new nn.BatchNorm2d(to);
  }

  override forward(x: Tensor): Tensor {
    return this.norm.forward(this.conv.forward(x));
  }
}

class Block extends nn.Module {
  readonly first: Unit;
  readonly second: Unit;
  readonly shortcut: Unit | null;

  constructor(block: (typeof BLOCKS)[number]) {
    super();
    this.first = new Unit(block.from, block.to, 3, block.stride);
    this.second = new Unit(block.to, block.to, 3, 1);
    this.shortcut = changes(block) ? new Unit(block.from, block.to, 1, block.stride) : null;
  }

  override forward(x: Tensor): Tensor {
    const y = this.second.forward(this.first.forward(x).relu());
    return y.add(this.shortcut?.forward(x) ?? x).relu();
  }
}

export class ResNet18 extends nn.Module {
  readonly stem = new Unit(3, 64, 7, 2);
  readonly blocks = new nn.Sequential(...BLOCKS.map((block) => new Block(block)));
  readonly head = new nn.Linear(512, CLASSES);

  override forward(x: Tensor): Tensor {
    const y = F.maxPool2d(this.stem.forward(x).relu(), 3, { stride: 2, padding: 1 });
    return this.head.forward(this.blocks.forward(y).mean([2, 3]));
  }
}

/** What the network is made of, in a framework of pure functions. */
export interface Parts<T> {
  /** A convolution and the batch's normalization of its channels. */
  unit(x: T, weights: T[], size: number, stride: number): T;
  relu(x: T): T;
  add(a: T, b: T): T;
  /** Another reference to x, where references are counted. */
  keep(x: T): T;
  /** Over 3x3 windows, every second. */
  pool(x: T): T;
  /** Means over the plane, and the last layer. */
  head(x: T, w: T, b: T): T;
}

export function network<T>(parts: Parts<T>, x: T, weights: readonly T[]): T {
  let at = 0;
  const unit = (x: T, size: number, stride: number) => parts.unit(x, weights.slice(at, (at += 3)), size, stride);
  let y = parts.pool(parts.relu(unit(x, 7, 2)));
  for (const block of BLOCKS) {
    const inner = unit(parts.relu(unit(parts.keep(y), 3, block.stride)), 3, 1);
    y = parts.relu(parts.add(inner, changes(block) ? unit(y, 1, block.stride) : y));
  }
  return parts.head(y, weights[at]!, weights[at + 1]!);
}
