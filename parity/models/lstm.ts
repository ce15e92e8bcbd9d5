// An LSTM whose last output is classified.

import { F, nn, type Tensor } from "tapegrad";
import { type Family, linearOf, numbered, type Shapes, shapeOf } from "./family.js";

class LSTMClassifier extends nn.Module {
  readonly lstm: nn.LSTM;
  readonly fc: nn.Linear;

  constructor(shapes: Shapes) {
    super();
    const [gates, inputSize] = shapeOf(shapes, "lstm.weight_ih_l0") as [number, number];
    this.lstm = new nn.LSTM(inputSize, gates / 4, {
      numLayers: numbered(shapes, (i) => `lstm.weight_ih_l${i}`).length,
      bias: "lstm.bias_ih_l0" in shapes,
      bidirectional: "lstm.weight_ih_l0_reverse" in shapes,
      batchFirst: true,
    });
    this.fc = linearOf(shapes, "fc");
  }

  /** x [B, T, C] -> [B, classes] */
  forward(x: Tensor): Tensor {
    const [output] = this.lstm.forward(x);
    return this.fc.forward(output.select(1, -1));
  }
}

export const lstm: Family<LSTMClassifier> = {
  make: (shapes) => new LSTMClassifier(shapes),
  loss: (model, { rows: { x, y } }) => F.crossEntropy(model.forward(x!), y!),
};
