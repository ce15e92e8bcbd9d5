// LeNet-5.

import { F, nn, type Tensor } from "../index.js";

/** Options of LeNet. */
export interface LeNetOptions {
  /** Default 10. */
  readonly numClasses?: number;
  /** Around the image: 2 takes MNIST's 28 x 28 as they are. Default 0, for 32 x 32. */
  readonly padding?: number;
}

/**
 * LeNet-5: [N, 1, 32, 32] -> [N, numClasses], with rectifiers and max pooling, as it is used today. torchvision has none;
 * the names are those of PyTorch's tutorial: conv1, conv2, fc1, fc2, fc3.
 * (LeCun et al., "Gradient-based learning applied to document recognition", 1998.)
 */
export class LeNet extends nn.Module {
  conv1: nn.Conv2d;
  conv2 = new nn.Conv2d(6, 16, 5);
  fc1 = new nn.Linear(16 * 5 * 5, 120);
  fc2 = new nn.Linear(120, 84);
  fc3: nn.Linear;

  constructor({ numClasses = 10, padding = 0 }: LeNetOptions = {}) {
    super();
    this.conv1 = new nn.Conv2d(1, 6, 5, { padding });
    this.fc3 = new nn.Linear(84, numClasses);
  }

  forward(x: Tensor): Tensor {
    x = F.maxPool2d(this.conv1.forward(x).relu(), 2); // [N, 6, 14, 14]
    x = F.maxPool2d(this.conv2.forward(x).relu(), 2); // [N, 16, 5, 5]
    x = this.fc1.forward(x.flatten(1)).relu();
    x = this.fc2.forward(x).relu();
    return this.fc3.forward(x);
  }
}

/** LeNet-5; see LeNet. */
export function lenet(options?: LeNetOptions): LeNet {
  return new LeNet(options);
}
