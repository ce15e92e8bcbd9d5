// MobileNetV2.

import { nn, type Tensor } from "../index.js";
import { initialize } from "./initial.js";

/** Options of MobileNetV2. */
export interface MobileNetV2Options {
  /** Default 1000. */
  readonly numClasses?: number;
  /** How many times as many channels. Default 1. */
  readonly widthMult?: number;
  /** Channels are multiples of this. Default 8. */
  readonly roundNearest?: number;
  /** Probability of the classifier's inputs to be dropped. Default 0.2. */
  readonly dropout?: number;
}

/** The paper's table 2: how much wider the inside of a block is, its channels, how many there are, the first one's stride. */
const STAGES = [
  { expansion: 1, channels: 16, count: 1, stride: 1 },
  { expansion: 6, channels: 24, count: 2, stride: 2 },
  { expansion: 6, channels: 32, count: 3, stride: 2 },
  { expansion: 6, channels: 64, count: 4, stride: 2 },
  { expansion: 6, channels: 96, count: 3, stride: 1 },
  { expansion: 6, channels: 160, count: 3, stride: 2 },
  { expansion: 6, channels: 320, count: 1, stride: 1 },
] as const;

interface UnitOptions {
  readonly kernelSize?: number;
  readonly stride?: number;
  readonly groups?: number;
}

/** A convolution, its normalization and a rectifier up to 6. */
function unit(from: number, to: number, { kernelSize = 3, ...options }: UnitOptions): nn.Sequential {
  const conv = new nn.Conv2d(from, to, kernelSize, { ...options, padding: (kernelSize - 1) / 2, bias: false });
  return new nn.Sequential(conv, new nn.BatchNorm2d(to), new nn.ReLU6());
}

/**
 * More channels, a convolution of each by itself, fewer channels; what was given is added where sizes stay:
 * [N, from, H, W] -> [N, to, H / stride, W / stride].
 */
export class InvertedResidual extends nn.Module {
  conv: nn.Sequential;
  readonly isResidual: boolean;

  constructor(
    from: number,
    to: number,
    { stride, expansion }: { readonly stride: number; readonly expansion: number },
  ) {
    super();
    const inside = Math.round(from * expansion);
    this.isResidual = stride === 1 && from === to;
    this.conv = new nn.Sequential();
    if (expansion !== 1) this.conv.append(unit(from, inside, { kernelSize: 1 }));
    this.conv.append(unit(inside, inside, { stride, groups: inside }));
    this.conv.append(new nn.Conv2d(inside, to, 1, { bias: false })).append(new nn.BatchNorm2d(to));
  }

  forward(x: Tensor): Tensor {
    const y = this.conv.forward(x);
    return this.isResidual ? x.add(y) : y;
  }
}

/**
 * MobileNetV2, in torchvision's form and with its names: [N, 3, H, W] -> [N, numClasses]; 224 x 224 as trained.
 * (Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018.)
 */
export class MobileNetV2 extends nn.Module {
  features: nn.Sequential;
  classifier: nn.Sequential;

  constructor({ numClasses = 1000, widthMult = 1, roundNearest = 8, dropout = 0.2 }: MobileNetV2Options = {}) {
    super();
    let channels = rounded(32 * widthMult, roundNearest);
    const last = rounded(1280 * Math.max(1, widthMult), roundNearest);
    this.features = new nn.Sequential(unit(3, channels, { stride: 2 }));
    for (const { expansion, channels: wanted, count, stride } of STAGES) {
      const to = rounded(wanted * widthMult, roundNearest);
      for (let i = 0; i < count; i++) {
        this.features.append(new InvertedResidual(channels, to, { stride: i === 0 ? stride : 1, expansion }));
        channels = to;
      }
    }
    this.features.append(unit(channels, last, { kernelSize: 1 }));
    this.classifier = new nn.Sequential(new nn.Dropout(dropout), new nn.Linear(last, numClasses));
    initialize(this, { linear: 0.01 });
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.features.forward(x).mean([2, 3]));
  }
}

/** The nearest multiple, but not less than nine tenths of the value. */
function rounded(value: number, multiple: number): number {
  const nearest = Math.max(multiple, Math.floor((value + multiple / 2) / multiple) * multiple);
  return nearest < 0.9 * value ? nearest + multiple : nearest;
}

/** MobileNetV2, 3.5 million parameters: torchvision's mobilenet_v2. */
export function mobilenetV2(options?: MobileNetV2Options): MobileNetV2 {
  return new MobileNetV2(options);
}
