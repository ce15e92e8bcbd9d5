// ResNet.

import { nn, type Tensor } from "../index.js";
import { initialize } from "./initial.js";

/** Options of ResNet. */
export interface ResNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /**
   * Begins the last normalization of each block with a weight of 0, so that the block passes on what it gets.
   * (Goyal et al., "Accurate, large minibatch SGD", 2017.) Default false.
   */
  readonly zeroInitResidual?: boolean;
}

const conv3x3 = (from: number, to: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(from, to, 3, { stride, padding: 1, bias: false });
const conv1x1 = (from: number, to: number, stride = 1): nn.Conv2d =>
  new nn.Conv2d(from, to, 1, { stride, bias: false });

/** What is added to a block's result: its input, or a projection of it where sizes change. */
function shortcut(from: number, to: number, stride: number): nn.Sequential | null {
  if (stride === 1 && from === to) return null;
  return new nn.Sequential(conv1x1(from, to, stride), new nn.BatchNorm2d(to));
}

/** Two convolutions, and what they were given added: [N, from, H, W] -> [N, channels, H / stride, W / stride]. */
export class BasicBlock extends nn.Module {
  /** Channels of the result for one of `channels`. */
  static readonly expansion = 1;
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  downsample: nn.Sequential | null;

  constructor(from: number, channels: number, stride = 1) {
    super();
    this.conv1 = conv3x3(from, channels, stride);
    this.bn1 = new nn.BatchNorm2d(channels);
    this.conv2 = conv3x3(channels, channels);
    this.bn2 = new nn.BatchNorm2d(channels);
    this.downsample = shortcut(from, channels, stride);
  }

  forward(x: Tensor): Tensor {
    let y = this.bn1.forward(this.conv1.forward(x)).relu();
    y = this.bn2.forward(this.conv2.forward(y));
    return y.add(this.downsample?.forward(x) ?? x).relu();
  }
}

/**
 * Fewer channels, a convolution among them, four times as many, and what they were given added. The stride is the middle
 * convolution's, as in torchvision (in the paper it is the first one's).
 */
export class Bottleneck extends nn.Module {
  /** Channels of the result for one of `channels`. */
  static readonly expansion = 4;
  conv1: nn.Conv2d;
  bn1: nn.BatchNorm2d;
  conv2: nn.Conv2d;
  bn2: nn.BatchNorm2d;
  conv3: nn.Conv2d;
  bn3: nn.BatchNorm2d;
  downsample: nn.Sequential | null;

  constructor(from: number, channels: number, stride = 1) {
    super();
    const to = channels * Bottleneck.expansion;
    this.conv1 = conv1x1(from, channels);
    this.bn1 = new nn.BatchNorm2d(channels);
    this.conv2 = conv3x3(channels, channels, stride);
    this.bn2 = new nn.BatchNorm2d(channels);
    this.conv3 = conv1x1(channels, to);
    this.bn3 = new nn.BatchNorm2d(to);
    this.downsample = shortcut(from, to, stride);
  }

  forward(x: Tensor): Tensor {
    let y = this.bn1.forward(this.conv1.forward(x)).relu();
    y = this.bn2.forward(this.conv2.forward(y)).relu();
    y = this.bn3.forward(this.conv3.forward(y));
    return y.add(this.downsample?.forward(x) ?? x).relu();
  }
}

/** A class of blocks. */
export type Block = typeof BasicBlock | typeof Bottleneck;

/**
 * A residual network, in torchvision's form and with its names: [N, 3, H, W] -> [N, numClasses]; 224 x 224 as trained.
 * (He et al., "Deep residual learning for image recognition", 2015.)
 */
export class ResNet extends nn.Module {
  conv1 = new nn.Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
  bn1 = new nn.BatchNorm2d(64);
  maxpool = new nn.MaxPool2d(3, { stride: 2, padding: 1 });
  layer1: nn.Sequential;
  layer2: nn.Sequential;
  layer3: nn.Sequential;
  layer4: nn.Sequential;
  avgpool = new nn.AdaptiveAvgPool2d(1);
  fc: nn.Linear;

  /** @param blocks - how many each of the four stages has */
  constructor(
    block: Block,
    blocks: readonly [number, number, number, number],
    { numClasses = 1000, zeroInitResidual = false }: ResNetOptions = {},
  ) {
    super();
    const { expansion } = block;
    this.layer1 = stage(block, 64, 64, blocks[0], 1);
    this.layer2 = stage(block, 64 * expansion, 128, blocks[1], 2);
    this.layer3 = stage(block, 128 * expansion, 256, blocks[2], 2);
    this.layer4 = stage(block, 256 * expansion, 512, blocks[3], 2);
    this.fc = new nn.Linear(512 * expansion, numClasses);
    initialize(this);
    if (!zeroInitResidual) return;
    for (const part of this.modules()) {
      const last = part instanceof Bottleneck ? part.bn3 : part instanceof BasicBlock ? part.bn2 : undefined;
      if (last?.weight) nn.init.zeros_(last.weight);
    }
  }

  forward(x: Tensor): Tensor {
    x = this.maxpool.forward(this.bn1.forward(this.conv1.forward(x)).relu()); // [N, 64, H / 4, W / 4]
    x = this.layer2.forward(this.layer1.forward(x)); // [N, 128 e, H / 8, W / 8] with e the block's expansion
    x = this.layer4.forward(this.layer3.forward(x)); // [N, 512 e, H / 32, W / 32]
    return this.fc.forward(this.avgpool.forward(x).flatten(1));
  }
}

function stage(block: Block, from: number, channels: number, count: number, stride: number): nn.Sequential {
  const layers = new nn.Sequential(new block(from, channels, stride));
  while (layers.length < count) layers.append(new block(channels * block.expansion, channels));
  return layers;
}

/** ResNet with 18 layers, 11.7 million parameters. */
export function resnet18(options?: ResNetOptions): ResNet {
  return new ResNet(BasicBlock, [2, 2, 2, 2], options);
}

/** ResNet with 34 layers, 21.8 million parameters. */
export function resnet34(options?: ResNetOptions): ResNet {
  return new ResNet(BasicBlock, [3, 4, 6, 3], options);
}

/** ResNet with 50 layers, 25.6 million parameters. */
export function resnet50(options?: ResNetOptions): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], options);
}
