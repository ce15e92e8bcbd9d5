// How torchvision's models begin.

import { nn } from "../index.js";

/**
 * Convolutions begin with normal numbers of variance 2 / fan out and no bias, fan out being outChannels * KH * KW (He et
 * al., "Delving deep into rectifiers", 2015); linear layers, where asked for, with a standard deviation of `linear`.
 */
export function initialize(model: nn.Module, { linear }: { readonly linear?: number } = {}): void {
  for (const layer of model.modules()) {
    if (layer instanceof nn.Conv2d) nn.init.kaimingNormal_(layer.weight, { mode: "fan_out" });
    else if (layer instanceof nn.Linear && linear !== undefined) nn.init.normal_(layer.weight, 0, linear);
    else continue;
    if (layer.bias !== null) nn.init.zeros_(layer.bias);
  }
}
