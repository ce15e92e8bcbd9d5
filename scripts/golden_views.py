"""Prints random programs with views and in-place changes, and the gradients that PyTorch finds for them, as JSON.

    python3 scripts/golden_views.py [count] [seed] > test/goldens/views.json

A program is a list of steps; tensors are numbered as they are made, leaves first. Its loss is the sum of some of them, each
times fixed weights. The goldens are the gradients of the leaves, and of the sum of their squares (second derivatives); or
the step at which PyTorch refuses, which is the number of steps if it is the backward pass.
Everything is computed in float64.
"""
import json
import math
import random
import sys

import torch

torch.set_default_dtype(torch.float64)


def numbers(shape, salt):
    count = math.prod(shape)
    values = [(((i + 1) * 0.6180339887 + salt * 0.37) % 1) * 2 - 1 for i in range(count)]
    return torch.tensor(values).reshape(shape).clone()  # no view


VIEWS = {
    "select": lambda x, dim, index: x.select(dim, index),
    "narrow": lambda x, dim, start, length: x.narrow(dim, start, length),
    "every": lambda x, dim, start, step: x[(slice(None),) * dim + (slice(start, None, step),)],
    "transpose": lambda x, a, b: x.transpose(a, b),
    "flatten": lambda x: x.flatten(),
    "view": lambda x, shape: x.view(shape),
    "unsqueeze": lambda x, dim: x.unsqueeze(dim),
    "squeeze": lambda x: x.squeeze(),
    "diagonal": lambda x: x.diagonal(),
    "expand": lambda x, size: x.expand(size, *x.shape),
    "unfold": lambda x, dim, size, step: x.unfold(dim, size, step),
    "detach": lambda x: x.detach(),
    "contiguous": lambda x: x.contiguous(),
    "unbind": lambda x: x.unbind()[0],
    "chunk": lambda x: x.chunk(2)[0],
    "tensorSplit": lambda x: x.tensor_split(2)[1],
}
COPIES = {
    "mul": lambda x, y: x * y,
    "add": lambda x, y: x + y,
    "tanh": lambda x: x.tanh(),
    "square": lambda x: x.square(),
    "clone": lambda x: x.clone(),
}
CHANGES = {
    "mul_": lambda x, y: x.mul_(y),
    "add_": lambda x, y: x.add_(y),
    "sub_": lambda x, y: x.sub_(y),
    "copy_": lambda x, y: x.copy_(y),
    "tanh_": lambda x: x.tanh_(),
    "exp_": lambda x: x.exp_(),
    "neg_": lambda x: x.neg_(),
    "zero_": lambda x: x.zero_(),
    "addNumber_": lambda x, number: x.add_(number),
    "mulNumber_": lambda x, number: x.mul_(number),
}


class Skip(Exception):
    pass


def run_step(tensors, step):
    name, no_grad, operand, *arguments = step
    x = tensors[operand]
    if name in ("mul", "add", "mul_", "add_", "sub_", "copy_"):
        arguments = [tensors[arguments[0]]]
    with torch.set_grad_enabled(not no_grad):
        if name == "zeros":
            tensors.append(torch.zeros(arguments[0]))
        elif name in CHANGES:
            CHANGES[name](x, *arguments)
        else:
            tensors.append((VIEWS.get(name) or COPIES[name])(x, *arguments))
            if tensors[-1] is x:
                raise Skip  # here it is a view of x


def random_step(random, tensors, overlapping):
    at = max(random.randrange(len(tensors)), random.randrange(len(tensors)))
    x = tensors[at]
    kind = random.random()
    no_grad = random.random() < 0.05
    if kind < 0.45:
        name = random.choice(list(VIEWS))
        if name in ("detach", "unbind", "chunk") and random.random() < 0.7:
            raise Skip
        dim = random.randrange(max(x.ndim, 1))
        size = x.shape[dim] if x.ndim else 0
        if x.ndim == 0 and name not in ("unsqueeze", "expand", "flatten", "detach"):
            raise Skip
        arguments = {
            "select": lambda: [dim, random.randrange(size)],
            "narrow": lambda: [dim, *(lambda start: [start, random.randint(1, size - start)])(random.randrange(size))],
            "every": lambda: [dim, random.randrange(size), random.choice([1, 2])],
            "transpose": lambda: [dim, random.randrange(x.ndim)],
            "view": lambda: [random.choice([[-1], [2, -1], [-1, 2], [1, -1]])],
            "unsqueeze": lambda: [random.randint(0, x.ndim)],
            "expand": lambda: [random.choice([1, 2])],
            "unfold": lambda: [dim, random.randint(1, min(size, 2)), random.choice([1, 2])],
        }.get(name, lambda: [])()
        if x.numel() == 0 or (name == "diagonal" and x.ndim < 2) or (name == "expand" and x.numel() > 24):
            raise Skip
        return [name, no_grad, at, *arguments]
    if kind < 0.6:
        name = random.choice(list(COPIES))
        others = [i for i, y in enumerate(tensors) if y.shape == x.shape]
        return [name, no_grad, at, *([random.choice(others)] if name in ("mul", "add") else [])]
    if kind < 0.63:
        return ["zeros", no_grad, at, list(x.shape)]
    name = random.choice(list(CHANGES))
    others = [i for i, y in enumerate(tensors) if y.ndim <= x.ndim and all(a in (1, b) for a, b in zip(y.shape[::-1], x.shape[::-1]))]
    if at in overlapping:
        raise Skip
    # Left out: what PyTorch refuses for want of a copy (x *= x), and changes of leaves that it lets pass, through views made
    # under no_grad.
    others = [i for i in others if tensors[i].storage().data_ptr() != x.storage().data_ptr()]
    if x._base is not None and x._base.is_leaf and x._base.requires_grad and not x.requires_grad:
        raise Skip
    arguments = [random.choice(others)] if name in ("mul_", "add_", "sub_", "copy_") else []
    if name.endswith("Number_"):
        arguments = [random.choice([0.5, -1.25, 2])]
    return [name, no_grad, at, *arguments]


def outcome(program):
    """What PyTorch makes of a program, from its beginning."""
    leaves = [numbers(shape, i).requires_grad_() for i, shape in enumerate(program["leaves"])]
    tensors = list(leaves)
    for i, step in enumerate(program["steps"]):
        try:
            run_step(tensors, step)
        except RuntimeError as error:
            if "unsupported operation" in str(error) or "view size" in str(error) or "shape" in str(error) or "size" in str(error):
                raise Skip from error
            return {"refused": i, "why": str(error)}
    try:
        parts = [tensors[i] for i in program["loss"]]
        loss = sum((part * numbers(part.shape, 7 + i)).sum() for i, part in enumerate(parts))
        if not loss.requires_grad:
            raise Skip
        first = torch.autograd.grad(loss, leaves, create_graph=True, allow_unused=True)
        known = [g for g in first if g is not None]
        if not known:
            raise Skip
        squares = sum((g * g).sum() for g in known)
        second = [None] * len(leaves)
        if torch.is_tensor(squares) and squares.requires_grad:
            second = torch.autograd.grad(squares, leaves, allow_unused=True)
    except RuntimeError as error:
        return {"refused": len(program["steps"]), "why": str(error)}
    return {"first": plain(first), "second": plain(second)}


def plain(grads):
    return [None if g is None else [float(f"{v:.7g}") for v in g.detach().reshape(-1).tolist()] for g in grads]


def random_program(random):
    """Steps that PyTorch runs, and perhaps a last one that it refuses."""
    shapes = random.choice([[[3, 4], [4]], [[2, 3, 2], [3, 2]], [[4], [2, 4]], [[4, 4], [4]]])
    program = {"leaves": shapes, "steps": [["mul", False, 0, 0]], "loss": [0]}
    tensors, overlapping = [], set()
    for _ in range(random.randint(4, 14)):
        leaves = [numbers(shape, i).requires_grad_() for i, shape in enumerate(shapes)]
        tensors, overlapping = list(leaves), set()
        for step in program["steps"]:
            count = len(tensors)
            run_step(tensors, step)
            if len(tensors) > count and step[0] in VIEWS and (step[2] in overlapping or step[0] in ("expand", "unfold")):
                overlapping.add(count)
        try:
            step = random_step(random, tensors, overlapping)
            found = outcome({**program, "steps": [*program["steps"], step], "loss": [len(shapes)]})
        except (Skip, ValueError, IndexError):
            continue
        refused = found.get("refused")
        if refused == len(program["steps"]):
            if random.random() < 0.15:
                program["steps"].append(step)
                return program
            continue
        program["steps"].append(step)
    leaves = [numbers(shape, i).requires_grad_() for i, shape in enumerate(shapes)]
    tensors = list(leaves)
    for step in program["steps"]:
        run_step(tensors, step)
    program["loss"] = random.sample(range(len(tensors)), min(3, len(tensors)))
    return program


def programs(count, seed):
    source = random.Random(seed)
    made = 0
    while made < count:
        program = random_program(source)
        if not any(step[0] in CHANGES for step in program["steps"]):
            continue
        try:
            found = outcome(program)
        except (Skip, ValueError):
            continue
        magnitude = max((abs(v) for g in [*found.get("first", []), *found.get("second", [])] if g for v in g), default=0)
        if magnitude > 1e4:
            continue  # float32 could not tell
        if found.get("refused") == len(program["steps"]) and source.random() < 0.7:
            continue  # enough of those
        found.pop("why", None)
        made += 1
        yield {**program, **found}


if __name__ == "__main__":
    count, seed = [*map(int, sys.argv[1:]), *[40, 0][len(sys.argv) - 1 :]]
    print("[\n" + ",\n".join(json.dumps(program, separators=(",", ":")) for program in programs(count, seed)) + "\n]")
