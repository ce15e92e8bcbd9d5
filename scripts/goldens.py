"""Reads rows from standard input (scripts/golden-inputs.ts) and prints PyTorch's results and gradients as JSON.

Computed in float64 from the float32 inputs, so that the goldens are exact to the digits given.
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

KINDS = {"float": torch.float64, "int": torch.int32, "bool": torch.bool}
NAMES = {torch.float64: "float32", torch.int64: "int32", torch.int32: "int32", torch.bool: "bool", torch.uint8: "uint8"}


def number(value):
    return float(value.replace("Infinity", "inf")) if isinstance(value, str) else value


def plain(tensor):
    flat = tensor.detach().reshape(-1)
    if tensor.dtype == torch.float64:
        return [float(f"{v:.9g}") if math.isfinite(v) else str(v) for v in flat.tolist()]
    return [int(v) for v in flat.tolist()]


def answer(case):
    inputs = {}
    for spec in case["inputs"]:
        values = [number(v) for v in spec["values"]]
        x = torch.tensor(values, dtype=KINDS[spec["kind"]]).reshape(spec["shape"])
        inputs[spec["name"]] = x.requires_grad_(spec["differentiable"])
    y = eval(case["torch"], {"torch": torch, "F": F, **inputs})
    result = {"op": case["op"], "torch": case["torch"], "dtype": NAMES[y.dtype], "shape": list(y.shape), "y": plain(y)}
    leaves = {name: x for name, x in inputs.items() if x.requires_grad}
    if y.requires_grad:
        dy = torch.tensor([math.cos(0.9 * i + 0.3) for i in range(y.numel())]).float().double().reshape(y.shape)
        grads = torch.autograd.grad(y, list(leaves.values()), dy, allow_unused=True)
        result["grads"] = {n: plain(torch.zeros_like(x) if g is None else g) for (n, x), g in zip(leaves.items(), grads)}
    return result


cases = json.load(sys.stdin)
print("[")
print(",\n".join(json.dumps(answer(case), separators=(",", ":")) for case in cases))
print("]")
