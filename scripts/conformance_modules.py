"""Makes test/conformance/modules.jsonl.gz: layers and losses of PyTorch with their results, states and gradients.

    /usr/bin/python3 scripts/conformance_modules.py [--seed 0] [--out test/conformance/modules.jsonl.gz] [--module NAME]

Needs only Python with PyTorch 1.13. conformance_module_table.py lists the modules, their arguments and inputs. Results and
vector-Jacobian products are computed in float64 from float32 inputs and parameters, as in conformance_cases.py.
"""

import argparse
import gzip
import inspect
import json
import pathlib
import zlib

import torch
from conformance_cases import ROUNDING_SHARE, settle
from conformance_module_table import CASES, TURN
from conformance_values import Skip, encode, encode_tensor, tensors_of, walk

HERE = pathlib.Path(__file__).resolve().parent
TOLERANCE = (2e-5, 1e-4)  # the atol grows with the largest value


def make(spec):
    """An input of forward: a shape is normal numbers that want a gradient, a tuple (kind, ...) something else."""
    if isinstance(spec, list):
        return torch.randn(spec).requires_grad_()
    if not isinstance(spec, tuple) or not isinstance(spec[0], str):
        return spec
    kind, *rest = spec
    if kind == "index":
        return torch.randint(*rest)
    if kind == "values":
        return torch.tensor(*rest)
    if kind == "sign":
        return torch.randint(0, 2, *rest) * 2 - 1
    if kind == "unit":  # within 0 .. 1 and away from both
        return (torch.rand(*rest) * 0.9 + 0.05).requires_grad_()
    if kind == "target":  # likewise, without a gradient
        return torch.rand(*rest) * 0.9 + 0.05
    if kind == "classes":  # probabilities along dimension 1
        return torch.randn(*rest).softmax(1)
    if kind == "logs":  # logarithms of probabilities along the last dimension
        return torch.randn(*rest).log_softmax(-1).detach().requires_grad_()
    if kind == "plain":
        return torch.randn(*rest)
    raise ValueError(kind)


def signature(function, args, kwargs):
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "self"]
    given = [(parameter, f"args.{i}") for i, (parameter, _) in enumerate(zip(parameters, args))]
    given += [(parameter, f"kwargs.{parameter.name}") for parameter in parameters if parameter.name in kwargs]
    return [[p.name, "req" if p.default is inspect.Parameter.empty else "opt", where] for p, where in given]


def randomised(module):
    """Parameters and running statistics that a mistake would not leave alone."""
    state = module.state_dict()
    for name, tensor in state.items():
        if name.split(".")[-1] in ("weight", "pos_weight") and isinstance(module, torch.nn.modules.loss._Loss):
            continue
        if name.endswith("running_var"):
            tensor.copy_(torch.rand(tensor.shape) + 0.5)
        elif tensor.is_floating_point():
            tensor.copy_(torch.randn(tensor.shape) * 0.5)
        else:
            tensor.fill_(3)
    return state


def run(build, state, inputs, training, dtype, cotangents):
    module = build(dtype)
    module.load_state_dict({k: v.to(dtype) if v.is_floating_point() else v for k, v in state.items()})
    module.train(training)
    convert = lambda x: (x.detach().to(dtype) if x.is_floating_point() else x.clone()).requires_grad_(x.requires_grad)  # noqa: E731
    given = [convert(x) if isinstance(x, torch.Tensor) else x for x in inputs]
    out = module(*given)
    outputs = [y for y in tensors_of(out)]
    wanting = {f"x{i}": x for i, x in enumerate(t for t in given if isinstance(t, torch.Tensor)) if x.requires_grad}
    wanting |= dict(module.named_parameters())
    pairs = [(y, c.to(y.dtype)) for y, c in zip(outputs, cotangents(outputs)) if y.requires_grad and c is not None]
    grads = {}
    if pairs and wanting:
        values = torch.autograd.grad([y for y, _ in pairs], list(wanting.values()), [c for _, c in pairs], allow_unused=True)
        grads = dict(zip(wanting, values))
    return out, grads, {k: v.clone() for k, v in module.state_dict().items()}


def make_case(number, name, args, kwargs, specs, training):
    cls = getattr(torch.nn, name)
    torch.manual_seed(zlib.crc32(f"{number} {name}".encode()))

    def build(dtype):
        change = lambda x: x.to(dtype) if isinstance(x, torch.Tensor) and x.is_floating_point() else x  # noqa: E731
        return cls(*walk(list(args), change), **walk(kwargs, change)).to(dtype)

    inputs = [make(spec) for spec in specs]
    state = {key: value.clone() for key, value in randomised(build(torch.float32)).items()}
    kept = []

    def cotangents(outputs):
        if not kept:
            kept.extend(torch.randn(y.shape).mul(16).round().div(16) if y.is_floating_point() else None for y in outputs)
        return kept

    out, grads, after = run(build, state, inputs, training, torch.float32, cotangents)
    want, want_grads, want_after = run(build, state, inputs, training, torch.float64, cotangents)
    loosest, largest = TOLERANCE[0], 0.0

    def settled(got, exact):
        nonlocal loosest, largest
        reference, atol, share = settle(got.detach(), exact.detach(), TOLERANCE, True)
        loosest, largest = max(loosest, atol), max(largest, share)
        return reference

    exact = iter(tensors_of(want))
    reference = walk(out, lambda got: settled(got, next(exact)))
    settled_grads = {k: None if g is None else settled(g, want_grads[k]) for k, g in grads.items()}
    changed = {k: settled(v, want_after[k]) for k, v in after.items() if not torch.equal(v, state[k])}
    ids = iter(range(len(inputs)))
    forward = list(inspect.signature(cls.forward).parameters)[1:]
    return {
        "module": name,
        "id": number,
        "src": "table",
        "training": training,
        "init": {
            "args": [encode(value) for value in args],
            "kwargs": {key: encode(value) for key, value in kwargs.items()},
            "sig": signature(cls.__init__, args, kwargs),
        },
        "stateDict": {key: {"t": encode_tensor(value)} for key, value in state.items()},
        "forward": {"args": [encode(value, ids) for value in inputs], "kwargs": {}, "names": forward[: len(inputs)]},
        "out": encode(reference),
        **({"stateAfter": {k: {"t": encode_tensor(v)} for k, v in changed.items()}} if changed else {}),
        "atol": loosest,
        "rtol": TOLERANCE[1],
        "cotangents": [None if c is None else {"t": encode_tensor(c)} for c in kept],
        "grads": {k[1:]: g if g is None else {"t": encode_tensor(g)} for k, g in settled_grads.items() if is_input(k)},
        "paramGrads": {k: g if g is None else {"t": encode_tensor(g)} for k, g in settled_grads.items() if not is_input(k)},
        "gatol": loosest,
        "grtol": TOLERANCE[1],
        "f32err": min(largest, ROUNDING_SHARE),
    }


def is_input(name):
    return name[0] == "x" and name[1:].isdigit()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "test/conformance/modules.jsonl.gz")
    parser.add_argument("--module")
    options = parser.parse_args()
    lines = []
    for number, (name, args, kwargs, specs, training) in enumerate(CASES):
        if options.module not in (None, name):
            continue
        try:
            chosen = {k: TURN[(number + options.seed) % len(TURN)] if v is TURN else v for k, v in kwargs.items()}
            case = make_case(number + options.seed * len(CASES), name, args, chosen, specs, training)
        except Skip as reason:
            print(f"{name} {args} {kwargs}: left out, {reason}")
            continue
        lines.append(json.dumps(case))
    options.out.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))
    print(f"{len(lines)} cases")


if __name__ == "__main__":
    main()
