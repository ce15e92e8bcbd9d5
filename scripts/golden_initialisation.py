"""First values of layers and nn.init's functions, as PyTorch draws them: bounds and moments of many draws. JSON to stdout."""

import json

import torch
from torch import nn

torch.manual_seed(0)
DRAWS = 40  # of each parameter

LAYERS = [  # class, arguments, options: enough elements for moments of one draw
    ("Linear", [80, 50], {}),
    ("Bilinear", [20, 15, 12], {}),
    ("Conv1d", [40, 32, 3], {}),
    ("Conv2d", [16, 32, [3, 5]], {"groups": 2}),
    ("Conv3d", [8, 16, 3], {}),
    ("ConvTranspose1d", [40, 32, 3], {}),
    ("ConvTranspose2d", [16, 32, 3], {"groups": 4}),
    ("Embedding", [100, 40], {}),
    ("EmbeddingBag", [100, 40], {}),
    ("PReLU", [3], {}),
    ("BatchNorm2d", [7], {}),
    ("InstanceNorm2d", [7], {"affine": True}),
    ("LayerNorm", [[3, 4]], {}),
    ("GroupNorm", [2, 6], {}),
    ("AdaptiveLogSoftmaxWithLoss", [64, 100, [40]], {"head_bias": True}),
]
FUNCTIONS = [  # function, shape, further arguments
    ("uniform_", [60, 50], [-2.0, 3.0]),
    ("normal_", [60, 50], [1.0, 0.3]),
    ("trunc_normal_", [60, 50], [0.5, 2.0, -1.0, 3.0]),
    ("trunc_normal_", [60, 50], []),
    ("xavier_uniform_", [60, 50], [2.0]),
    ("xavier_normal_", [20, 10, 5, 3], []),
    ("kaiming_uniform_", [20, 10, 5, 3], []),
    ("kaiming_uniform_", [60, 50], [0.5, "fan_out"]),
    ("kaiming_normal_", [60, 50], [0, "fan_in", "relu"]),
    ("kaiming_normal_", [20, 10, 5, 3], [0, "fan_out", "tanh"]),
    ("sparse_", [60, 50], [0.45, 0.2]),
    ("orthogonal_", [60, 50], [2.0]),
    ("dirac_", [8, 6, 3, 4], [2]),
    ("dirac_", [3, 5, 2], []),
    ("eye_", [3, 5], []),
]


def moments(draws):
    x = torch.stack(draws).double()
    mean, std = x.mean().item(), x.std(unbiased=False).item()
    kurtosis = 0.0 if std == 0 else ((x - mean) ** 4).mean().item() / std**4
    found = {"min": x.min().item(), "max": x.max().item(), "mean": mean, "std": std, "kurtosis": kurtosis}
    return {"shape": list(draws[0].shape), **{key: float(f"{value:.5g}") for key, value in found.items()}}


def layer(name, args, options):
    given = [tuple(arg) if isinstance(arg, list) and name != "AdaptiveLogSoftmaxWithLoss" else arg for arg in args]
    states = [getattr(nn, name)(*given, **options).state_dict() for _ in range(DRAWS)]
    return {"name": name, "args": args, "options": options, "state": {k: moments([s[k] for s in states]) for k in states[0]}}


def function(name, shape, args):
    draws = [getattr(nn.init, name)(torch.empty(shape), *args) for _ in range(DRAWS)]
    values = draws[0].flatten().tolist() if name in ("dirac_", "eye_") else None
    return {"name": name, "shape": shape, "args": args, **({"values": values} if values else moments(draws))}


print(json.dumps({"layers": [layer(*row) for row in LAYERS], "functions": [function(*row) for row in FUNCTIONS]}))
