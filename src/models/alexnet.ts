// AlexNet.

import { nn, type Tensor } from "../index.js";

/** Options of AlexNet. */
export interface AlexNetOptions {
  /** Default 1000. */
  readonly numClasses?: number;
  /** Probability of the classifier's inputs to be dropped. Default 0.5. */
  readonly dropout?: number;
}

/**
 * AlexNet, in torchvision's form and with its names: [N, 3, H, W] -> [N, numClasses]; H and W from 63 on, 224 as trained.
 * (Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014.)
 */
export class AlexNet extends nn.Module {
  features: nn.Sequential;
  avgpool = new nn.AdaptiveAvgPool2d(6);
  classifier: nn.Sequential;

  constructor({ numClasses = 1000, dropout = 0.5 }: AlexNetOptions = {}) {
    super();
    this.features = new nn.Sequential(
      new nn.Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(64, 192, 5, { padding: 2 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
      new nn.Conv2d(192, 384, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(384, 256, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.Conv2d(256, 256, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(3, { stride: 2 }),
    );
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      new nn.Linear(256 * 6 * 6, 4096),
      new nn.ReLU(),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(),
      new nn.Linear(4096, numClasses),
    );
  }

  forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/** AlexNet; see the class. */
export function alexnet(options?: AlexNetOptions): AlexNet {
  return new AlexNet(options);
}
