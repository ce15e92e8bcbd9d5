"""Prints training runs made by PyTorch as JSON: optimizers on given gradients, and a small network step by step.

Everything is computed in float64 from float32 starting values, so that the goldens are exact to the digits given.
"""
import json
import math

import torch
import torch.nn as nn

torch.set_default_dtype(torch.float64)


def numbers(shape, salt):
    count = math.prod(shape)
    values = [(((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1 for i in range(count)]
    return torch.tensor(values).float().double().reshape(shape)


def plain(tensor):
    return [float(f"{v:.9g}") for v in tensor.detach().reshape(-1).tolist()]


OPTIMIZERS = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "maximize": True}),
    ("Adam", {"lr": 0.01}),
    ("Adam", {"lr": 0.01, "betas": [0.8, 0.95], "eps": 1e-6, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.01, "amsgrad": True, "maximize": True}),
    ("AdamW", {"lr": 0.01}),
    ("AdamW", {"lr": 0.01, "weight_decay": 0.3, "amsgrad": True}),
    ("Adagrad", {"lr": 0.1}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.05, "weight_decay": 0.01, "initial_accumulator_value": 0.2, "maximize": True}),
    ("RMSprop", {"lr": 0.01}),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9, "momentum": 0.6, "weight_decay": 0.02, "maximize": True}),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9, "centered": True, "momentum": 0.3}),
    ("RMSprop", {"lr": 0.01, "alpha": 0.9, "centered": True}),
    ("Adadelta", {"lr": 1.0, "rho": 0.8, "weight_decay": 0.01, "maximize": True}),
    ("Adamax", {"lr": 0.02, "weight_decay": 0.01, "maximize": True}),
    ("NAdam", {"lr": 0.01, "weight_decay": 0.01, "momentum_decay": 0.1}),
    ("RAdam", {"lr": 0.02, "betas": [0.8, 0.9], "weight_decay": 0.01}),
    ("ASGD", {"lr": 0.05, "lambd": 0.1, "t0": 2, "weight_decay": 0.01, "maximize": True}),
    ("Rprop", {"lr": 0.02, "step_sizes": [1e-3, 0.025], "maximize": True}),
]


def optimizer_runs():
    for name, options in OPTIMIZERS:
        shapes = [[3, 2], [70], []]
        params = [nn.Parameter(numbers(shape, i)) for i, shape in enumerate(shapes)]
        optimizer = getattr(torch.optim, name)(params, **options)
        steps = []
        for step in range(7 if name == "RAdam" else 5):
            for i, p in enumerate(params):
                # The second parameter gets its first gradient late, the third none in one step.
                p.grad = None if (i == 1 and step < 1) or (i == 2 and step == 2) else numbers(list(p.shape), step * 3 + i + 5)
            optimizer.step()
            steps.append([plain(p) for p in params])
        yield {"name": name, "options": options, "shapes": shapes, "steps": steps}


LBFGS = [
    {"lr": 0.3, "max_iter": 3},
    {"lr": 1, "max_iter": 4, "history_size": 2, "line_search_fn": "strong_wolfe"},
    {"lr": 30, "max_iter": 5, "line_search_fn": "strong_wolfe"},  # has to be searched backwards, too
]


def lbfgs_run(options):
    """Minimizes a function of nine numbers whose Hessian changes; see test/optim/lbfgs.test.ts."""
    params = [nn.Parameter(numbers(shape, i)) for i, shape in enumerate([[2, 3], [3]])]
    target = numbers([9], 7)
    optimizer = torch.optim.LBFGS(params, **options)
    calls = 0

    def closure():
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        w = torch.cat([p.reshape(-1) for p in params]) - target
        scales = torch.arange(1, 10, dtype=torch.float64) / 3
        loss = (scales * w * w + torch.exp(w) + w.sum() ** 2 / 4).sum() / 9
        loss.backward()
        return loss

    steps = []
    for _ in range(3):
        loss = optimizer.step(closure)
        steps.append({"loss": float(f"{loss.item():.9g}"), "calls": calls, "params": [plain(p) for p in params]})
    return {"options": options, "steps": steps}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1, bias=False)  # before batch norm its gradient is rounding noise
        self.norm = nn.BatchNorm2d(4)
        self.pool = nn.MaxPool2d(2)
        self.linear1 = nn.Linear(64, 8)
        self.linear2 = nn.Linear(8, 3)

    def forward(self, x):
        x = self.pool(torch.relu(self.norm(self.conv(x))))
        return self.linear2(torch.relu(self.linear1(x.flatten(1))))


def network_run(optimizer_name, options):
    net = Net()
    for i, p in enumerate(net.parameters()):
        with torch.no_grad():
            p.copy_(numbers(list(p.shape), i) * (0.5 if p.dim() > 1 else 0.1) + (1.0 if i == 1 else 0.0))
    initial = {name: {"shape": list(p.shape), "values": plain(p)} for name, p in net.named_parameters()}
    optimizer = getattr(torch.optim, optimizer_name)(net.parameters(), **options)
    criterion = nn.CrossEntropyLoss()
    losses = []
    for step in range(8):
        x = numbers([6, 1, 8, 8], step + 20)
        y = torch.tensor([(i * 5 + step) % 3 for i in range(6)])
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(float(f"{loss.item():.9g}"))
    final = {name: plain(v) for name, v in net.state_dict().items()}
    net.eval()
    outputs = plain(net(numbers([2, 1, 8, 8], 99)))
    return {"optimizer": optimizer_name, "options": options, "initial": initial, "losses": losses, "final": final, "outputs": outputs}


runs = [network_run("SGD", {"lr": 0.05, "momentum": 0.9}), network_run("Adam", {"lr": 0.01})]
print(json.dumps({"torch": torch.__version__, "optimizers": list(optimizer_runs()), "lbfgs": [lbfgs_run(options) for options in LBFGS], "networks": runs}, separators=(",", ":")))
