"""Prints what torchvision's models give for weights that any program can make, as JSON.

    python3 scripts/golden_models.py > test/goldens/models.json

Weights and inputs come from a hash of each element's index and its tensor's name (hashed below; test/models/hashed.ts does
the same in tapegrad), in arithmetic that float32 does exactly: nothing of them need be committed. For each model: names and
shapes of its state, its number of parameters, outputs in eval mode; for ResNet-18 also the gradients in training mode.

    python3 scripts/golden_models.py --gradients FILE      ResNet-18's gradients in full, as a safetensors file
"""
import json
import math
import sys

import numpy
import torch
import torchvision.models
from torch import nn

from safetensors_format import write

SAMPLES = 16  # elements of each gradient, evenly spread


def mix(h):
    h = (h ^ (h >> numpy.uint32(15))) * numpy.uint32(0x85EBCA6B)
    h = (h ^ (h >> numpy.uint32(13))) * numpy.uint32(0xC2B2AE35)
    return h ^ (h >> numpy.uint32(16))


def hashed(name, shape):
    """Numbers in [-1, 1), multiples of 2^-22."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    index = numpy.arange(math.prod(shape), dtype=numpy.uint32)
    h = mix(index * numpy.uint32(0x9E3779B1) + numpy.uint32(seed))
    u = (h >> numpy.uint32(9)).astype(numpy.float32) * numpy.float32(2**-22) - numpy.float32(1)
    return torch.from_numpy(u.reshape(shape))


def filled(name, shape):
    x = hashed(name, shape)
    if name.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    if name.endswith("running_var"):
        return 1 + x / 2
    if len(shape) == 1:
        return x / 8 if name.endswith(("bias", "running_mean")) else 1 + x / 4
    return x * numpy.float32(math.sqrt(6 / math.prod(shape[1:])))  # He et al.'s variance


def fill(model):
    model.load_state_dict({name: filled(name, tuple(tensor.shape)) for name, tensor in model.state_dict().items()})
    return model


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.conv1(x).relu(), 2)
        x = nn.functional.max_pool2d(self.conv2(x).relu(), 2)
        return self.fc3(self.fc2(self.fc1(x.flatten(1)).relu()).relu())


class GPT(nn.Module):
    """Two blocks of two heads, of PyTorch's own encoder layers, which hold the same weights under other names."""

    VOCABULARY, BLOCK, WIDTH, HEADS = 19, 16, 32, 2

    def __init__(self):
        super().__init__()
        width = self.WIDTH
        self.tokens, self.places = nn.Embedding(self.VOCABULARY, width), nn.Embedding(self.BLOCK, width)
        self.blocks = nn.ModuleList(
            nn.TransformerEncoderLayer(width, self.HEADS, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True)
            for _ in range(2)
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.tokens(tokens) + self.places(torch.arange(length))
        mask = torch.full((length, length), -math.inf).triu(1)
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.tokens.weight.T

    def names(self):
        """Our name of each parameter, by PyTorch's."""
        inner = {
            "self_attn.in_proj_": "attn.c_attn.", "self_attn.out_proj.": "attn.c_proj.", "linear1.": "mlp.c_fc.",
            "linear2.": "mlp.c_proj.", "norm1.": "ln_1.", "norm2.": "ln_2.",
        }
        outer = {"tokens.": "transformer.wte.", "places.": "transformer.wpe.", "norm.": "transformer.ln_f."}
        for name in self.state_dict():
            if name.startswith("blocks"):
                _, i, rest = name.split(".", 2)
                old = next(prefix for prefix in inner if rest.startswith(prefix))
                yield name, f"transformer.h.{i}." + rest.replace(old, inner[old])
            else:
                old = next(prefix for prefix in outer if name.startswith(prefix))
                yield name, name.replace(old, outer[old])


def gpt():
    model = GPT()
    state = model.state_dict()
    model.load_state_dict({name: filled(ours, tuple(state[name].shape)) for name, ours in model.names()})
    tokens = torch.from_numpy((numpy.arange(2 * 16) * 7 % GPT.VOCABULARY).reshape(2, 16))
    ours = [(ours, list(state[name].shape)) for name, ours in model.names()]
    with torch.no_grad():
        return describe(ours, model, model.eval()(tokens)[:, -1])


def describe(state, model, outputs):
    return {
        "state": [f"{name} {shape}" for name, shape in state],
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "outputs": outputs.flatten(1)[:, :CLASSES].tolist(),
    }


def evaluated(model, shape):
    fill(model).eval()
    with torch.no_grad():
        outputs = model(hashed("input", shape))
    return describe([(name, list(x.shape)) for name, x in model.state_dict().items()], model, outputs)


def gradients():
    model = fill(torchvision.models.resnet18()).train()
    model(hashed("input", (2, 3, 64, 64))).mul(hashed("dy", (2, 1000))).sum().backward()
    return {name: parameter.grad for name, parameter in model.named_parameters()}


def summary(grad):
    flat = grad.flatten().double()
    places = [i * flat.numel() // SAMPLES for i in range(SAMPLES)]
    return {"norm": flat.norm().item(), "samples": flat[places].tolist()}


CLASSES = 10  # for all but ResNet-18: the outputs are committed
MODELS = {
    "alexnet": (1, 3, 64, 64), "vgg11": (1, 3, 32, 32), "vgg11_bn": (1, 3, 32, 32), "vgg16": (1, 3, 32, 32),
    "vgg16_bn": (1, 3, 32, 32), "resnet18": (1, 3, 64, 64), "resnet34": (1, 3, 32, 32), "resnet50": (1, 3, 32, 32),
    "mobilenet_v2": (1, 3, 64, 64),
}

if __name__ == "__main__":
    if len(sys.argv) > 2:
        write(gradients(), sys.argv[2], {})
        sys.exit()
    goldens = {"lenet": evaluated(LeNet(), (2, 1, 32, 32)), "gpt": gpt()}
    for name, shape in MODELS.items():
        model = getattr(torchvision.models, name)(num_classes=CLASSES)
        goldens[name] = {"shape": shape, **evaluated(model, shape)}
        if name.startswith("vgg"):  # the convolutions alone, under their names there
            goldens[name]["features"] = evaluated(model.features, shape)["outputs"]
    goldens["resnet18"]["gradients"] = {name: summary(grad) for name, grad in gradients().items()}
    json.dump(goldens, sys.stdout)
