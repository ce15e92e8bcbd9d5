// Convolutions with batch norm, ReLU and max pooling, and a linear layer, for classification.

import { F, nn, type Tensor } from "tapegrad";
import { type Family, linearOf, name, numbered, type Shapes, shapeOf } from "./family.js";

/** conv1, bn1, conv2, bn2, ... and fc. */
class CNN extends nn.Module {
  readonly fc: nn.Linear;
  readonly #conv: nn.Conv2d[] = [];
  readonly #bn: nn.BatchNorm2d[] = [];

  constructor(shapes: Shapes) {
    super();
    for (const i of numbered(shapes, (n) => `conv${n}.weight`)) {
      const [outChannels, inChannels, size] = shapeOf(shapes, `conv${i}.weight`) as [number, number, number];
      const bias = `conv${i}.bias` in shapes;
      const conv = new nn.Conv2d(inChannels, outChannels, size, { padding: (size - 1) / 2, bias });
      const bn = new nn.BatchNorm2d(outChannels);
      name(this, { [`conv${i}`]: conv, [`bn${i}`]: bn });
      this.#conv.push(conv);
      this.#bn.push(bn);
    }
    this.fc = linearOf(shapes, "fc");
  }

  forward(x: Tensor): Tensor {
    const features = this.#conv.reduce((input, conv, i) => {
      return F.maxPool2d(F.relu(this.#bn[i]!.forward(conv.forward(input))), 2);
    }, x);
    return this.fc.forward(features.flatten(1));
  }
}

export const cnn: Family<CNN> = {
  make: (shapes) => new CNN(shapes),
  loss: (model, { rows: { x, y } }) => F.crossEntropy(model.forward(x!), y!),
};
