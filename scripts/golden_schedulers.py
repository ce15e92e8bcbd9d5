"""Prints learning rates (and momenta) of PyTorch's schedulers as JSON, in the format that parity/schedulers.ts reads."""
import json

import torch
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import SWALR

STEPS = 14
BASE = 0.2


def sgd():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE, momentum=0.9)


def rates(optimizer, scheduler, steps=STEPS):
    lr, momentum = [], []
    for step in range(steps):
        lr.append(optimizer.param_groups[0]["lr"])
        momentum.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if step < steps - 1:
            scheduler.step()
    return {"lr": lr, "momentum": momentum}


NAMED = [
    ("StepLR", {"step_size": 3, "gamma": 0.3}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.4}),
    ("ConstantLR", {"factor": 0.25, "total_iters": 4}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.7, "total_iters": 5}),
    ("ExponentialLR", {"gamma": 0.8}),
    ("PolynomialLR", {"total_iters": 7, "power": 1.5}),
    ("CosineAnnealingLR", {"T_max": 5, "eta_min": 0.02}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("OneCycleLR", {"max_lr": 0.5, "total_steps": STEPS}),
    ("OneCycleLR", {"max_lr": 0.5, "epochs": 2, "steps_per_epoch": 7, "anneal_strategy": "linear", "three_phase": True}),
    ("CyclicLR", {"base_lr": 0.05, "max_lr": 0.3, "step_size_up": 2, "step_size_down": 3, "mode": "triangular2"}),
    ("CyclicLR", {"base_lr": 0.05, "max_lr": 0.3, "step_size_up": 3, "mode": "exp_range", "gamma": 0.9}),
]
METRICS = [1, 0.9, 0.91, 0.92, 0.93, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.5, 0.5, 0.5]
PLATEAU = [
    {"factor": 0.5, "patience": 2, "threshold": 0.001},
    {"mode": "max", "factor": 0.5, "patience": 1, "threshold": 0.05, "threshold_mode": "abs", "cooldown": 2, "min_lr": 0.06},
]
# Schedulers that take functions or schedulers: the test makes the same ones.
COMPOSED = {
    "lambda": lambda o: s.LambdaLR(o, lambda epoch: 0.9**epoch),
    "multiplicative": lambda o: s.MultiplicativeLR(o, lambda epoch: 1 - 0.1 * epoch / 14),
    "sequential": lambda o: s.SequentialLR(
        o, [s.LinearLR(o, start_factor=0.1, total_iters=4), s.CosineAnnealingLR(o, T_max=6), s.ExponentialLR(o, gamma=0.9)], [4, 9]
    ),
    "chained": lambda o: s.ChainedScheduler([s.ConstantLR(o, factor=0.5, total_iters=4), s.ExponentialLR(o, gamma=0.9)]),
    "swa": lambda o: SWALR(o, swa_lr=0.05, anneal_epochs=5),
    "swaLinear": lambda o: SWALR(o, swa_lr=0.05, anneal_epochs=3, anneal_strategy="linear"),
}

cases = []
for name, args in NAMED:
    optimizer = sgd()
    cases.append({"scheduler": name, "args": args, "baseLr": BASE, **rates(optimizer, getattr(s, name)(optimizer, **args))})
for args in PLATEAU:
    optimizer = sgd()
    scheduler = s.ReduceLROnPlateau(optimizer, **args)
    after = []
    for metric in METRICS:
        scheduler.step(metric)
        after.append(optimizer.param_groups[0]["lr"])
    cases.append({"scheduler": "ReduceLROnPlateau", "args": args, "baseLr": BASE, "metrics": METRICS, "lrAfter": after})
composed = {}
for name, make in COMPOSED.items():
    optimizer = sgd()
    composed[name] = rates(optimizer, make(optimizer))["lr"]


def short(value):
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [short(v) for v in value]
    return {k: short(v) for k, v in value.items()} if isinstance(value, dict) else value


print(json.dumps({"torch": torch.__version__, "cases": short(cases), "composed": short(composed)}, separators=(",", ":")))
