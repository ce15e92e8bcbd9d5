"""Makes test/conformance/cases.jsonl.gz: a selection of PyTorch's own sample inputs with their results and gradients.

    /usr/bin/python3 scripts/conformance_cases.py [--seed 0] [--out test/conformance/cases.jsonl.gz] [--op NAME]

Needs only Python with PyTorch 1.13. The samples are those of PyTorch's OpInfo database, for the operators listed in
conformance_operators.txt. Results and vector-Jacobian products are computed in float64 from the float32 inputs; a
float32 run says how much of the tolerance rounding alone takes. Same seed, same bytes. conformance/README.md describes
the format.
"""

import argparse
import collections
import gzip
import json
import os
import pathlib
import random
import sys
import types
import unittest
import warnings
import zlib

import numpy
import torch
from conformance_signatures import public, signature
from conformance_values import Skip, doubled, encode, fresh, tensors_of, walk

# torch.testing imports expecttest for PyTorch's own tests of messages, which nothing here calls.
sys.modules.setdefault("expecttest", types.SimpleNamespace(TestCase=unittest.TestCase, ACCEPT=False))
from torch.testing._internal import common_methods_invocations as opinfo  # noqa: E402
from torch.testing._internal.opinfo import core  # noqa: E402

# PyTorch 1.13 samples from a set, which Python 3.11 no longer does.
sample_of_list = random.sample
random.sample = lambda population, k: sample_of_list(sorted(population), k)

HERE = pathlib.Path(__file__).resolve().parent

FLOAT_CASES, INTEGER_CASES, BOOL_CASES = 5, 2, 1  # per operator, as far as it has such samples
SIZES = ((200, 500), (1000, 2500), (20000, 40000))  # elements of a tensor and of a case, the next ones if nothing fits
opinfo.M, opinfo.L, core.L = 6, 8, 8  # sizes of most samples, 10 and 20 in PyTorch

TOLERANCES = {  # class: atol, rtol, whether atol grows with the largest value
    "move": (1e-6, 1e-5, False),
    "arith": (1e-5, 1e-4, False),
    "trans": (1e-4, 1e-3, False),
    "reduce": (1e-5, 1e-4, True),
    "contract": (2e-5, 1e-4, True),
    "special": (1e-4, 1e-3, True),
}
GRADIENT_ATOL, GRADIENT_RTOL = 1e-5, 1e-4  # at least: even where values only move, gradients are sums
ROUNDING_SHARE = 0.25  # of the tolerance that PyTorch's own float32 may take; beyond it the tolerance grows
HOPELESS = 20  # times the tolerance of the class: such a sample says more about rounding than about the operator

PLACEMENT = {"device", "layout", "memory_format", "pin_memory", "requires_grad"}  # arguments that change no value
UNINITIALISED = {"empty", "empty_like", "new_empty"}
ANY_OF_EQUALS = {"argsort", "cummax", "cummin", "kthvalue", "median", "sort", "topk"}  # which index is not promised
# Decompositions whose factors are determined up to signs, or not at all: these are compared without, and have no gradient.
FREE = {
    "qr": ["abs", "abs"],
    "linalg.qr": ["abs", "abs"],
    "svd": ["skip", "value", "skip"],
    "linalg.svd": ["skip", "value", "skip"],
    "linalg.eigh": ["value", "abs"],
}
OF_SYMMETRIC = {"cholesky", "linalg.cholesky", "linalg.cholesky_ex", "linalg.eigh", "linalg.eigvalsh"}  # G + G^T counts

# The public function's order of arguments where OpInfo has another.
REORDER = {
    "einsum": lambda tensors, equation: (equation, *tensors),
    "nn.functional.embedding": lambda weight, index: (index, weight),
    "nn.functional.embedding_bag": lambda weight, index, *rest: (index, weight, *rest),
    "polygamma": lambda x, n: (n, x),
    "special.polygamma": lambda x, n: (n, x),
    "where": lambda x, condition, other: (condition, x, other),
}


# ---- one case


def check_is_defined(name, positional, kwargs):
    """Leaves out the calls whose result PyTorch does not promise."""
    repeated = lambda x: x.unique().numel() < x.numel()  # noqa: E731
    if name == "unique" and kwargs.get("sorted") is False:
        raise Skip("unsorted")
    if name == "scatter" and kwargs.get("reduce") is None and positional[2].numel() > 0:
        target, dim, index = positional[:3]
        if torch.zeros(target.shape).scatter_add(dim, index, torch.ones(index.shape)).max() > 1:
            raise Skip("an index twice")
    if name == "index_copy" and repeated(positional[2]):
        raise Skip("an index twice")
    if name == "index_put" and not kwargs.get("accumulate"):
        places = torch.arange(positional[0].numel()).reshape(positional[0].shape)
        if repeated(places[positional[1]]):
            raise Skip("an index twice")


def run(function, arguments, cotangents=None):
    """Outputs and, with cotangents, the gradients of the tensors that want one (by id); arguments may be changed."""
    positional, kwargs = arguments
    out = function(*positional, **kwargs)
    if cotangents is None:
        return out, None
    wanting = [(i, x) for i, x in enumerate(tensors_of([positional, kwargs])) if x.requires_grad]
    pairs = [(y, c.to(y.dtype)) for y, c in zip(tensors_of(out), cotangents) if y.requires_grad and c is not None]
    if not pairs or not wanting:
        return out, None
    outputs, seeds = zip(*pairs)
    grads = torch.autograd.grad(outputs, [x for _, x in wanting], seeds, allow_unused=True)
    return out, dict(zip((i for i, _ in wanting), grads))


def settle(got, want, tolerance, scaled):
    """The reference in the dtype of `got`, its atol and the share of the tolerance that float32 rounding takes."""
    atol, rtol = tolerance
    if not got.is_floating_point():
        if not torch.equal(got, want):
            raise Skip("float32 answers another integer")
        return want.to(got.dtype), atol, 0.0
    reference = want.float()
    # A value beyond float32 where the float32 run has a finite one: nan_to_num's largest value.
    reference = torch.where(reference.isinf() & want.isfinite(), got.float(), reference)
    finite = reference.isfinite()
    same = (reference == got) | (reference.isnan() & got.isnan())
    if not (same | finite).all() or not (got.isfinite() | ~finite).all():
        raise Skip("float32 answers another infinity or nan")
    exact, found = want[finite].double(), got[finite].double()
    if exact.numel() == 0:
        return reference, atol, 0.0
    atol *= max(1.0, exact.abs().max().item()) if scaled else 1.0
    share = lambda: ((found - exact).abs() / (atol + rtol * exact.abs())).max().item()  # noqa: E731
    if share() > HOPELESS:
        raise Skip("unstable in float32")
    while share() > ROUNDING_SHARE:
        atol *= 2
    return reference, float(f"{atol:.2g}"), float(f"{share():.2g}")


def make_case(op, operator, sample, size):
    name, variant, tier, tolerance_class = operator
    atol, rtol, scaled = TOLERANCES[tolerance_class]
    kwargs = {key: value for key, value in sample.kwargs.items() if key not in PLACEMENT}
    positional = [value for value in (sample.input, *sample.args) if not (isinstance(value, str) and value == "cpu")]
    positional = list(REORDER.get(name, lambda *same: same)(*positional))
    arguments = walk([positional, kwargs], fresh)
    inputs = tensors_of(arguments)
    if any(x.numel() > size[0] for x in inputs):
        raise Skip("large")
    floats = [x.detach() for x in inputs if x.is_floating_point()]
    is_special = any(not ((x.abs() <= 1e4).all()) for x in floats)
    if is_special:
        arguments = walk(arguments, lambda x: x.detach() if isinstance(x, torch.Tensor) else x)
    inputs = tensors_of(arguments)
    check_is_defined(name, *arguments)
    ids = iter(range(len(inputs)))
    case = {"op": name, "variant": variant, "tier": tier}
    case["input"] = encode(arguments[0][0], ids)
    case["args"] = [encode(value, ids) for value in arguments[0][1:]]
    case["kwargs"] = {key: encode(value, ids) for key, value in arguments[1].items()}
    case["sig"] = signature(name, *arguments)

    function = public(name)
    with torch.no_grad():
        plain = tensors_of(run(function, walk(arguments, fresh))[0])
        theirs = tensors_of(op.op(walk(sample.input, fresh), *walk(sample.args, fresh), **walk(sample.kwargs, fresh)))
    is_shape_only = name in UNINITIALISED
    is_same = all(torch.allclose(a.double(), b.double(), equal_nan=True) for a, b in zip(plain, theirs))
    if not is_same and not is_shape_only:
        raise Skip("random, or OpInfo has another order of arguments")
    if any(y.numel() > size[0] for y in plain) or sum(x.numel() for x in [*inputs, *plain]) > size[1]:
        raise Skip("large")
    # Cotangents are multiples of 1/16, exact in every float and small when compressed.
    compared = FREE.get(name, ["value"] * len(plain))
    cotangents = [
        torch.randn(y.shape).mul(16).round().div(16) if y.is_floating_point() and how == "value" else None
        for y, how in zip(plain, compared)
    ]
    changed32, changed64 = walk(arguments, fresh), walk(arguments, doubled)
    got, got_grads = run(function, changed32, cotangents)
    torch.set_default_dtype(torch.float64)
    try:
        want, want_grads = run(function, changed64, cotangents)
    finally:
        torch.set_default_dtype(torch.float32)

    loosest, largest_share = atol, 0.0

    def settled(mine, exact, how="value"):
        nonlocal loosest, largest_share
        if how == "skip":
            return mine.detach()
        if how == "abs":
            mine, exact = mine.abs(), exact.abs()
        reference, needed, share = settle(mine.detach(), exact.detach(), (atol, rtol), scaled)
        loosest, largest_share = max(loosest, needed), max(largest_share, share)
        return reference

    exact = iter(tensors_of(want))
    is_plain = not tensors_of(got)
    if is_plain and got != want:
        raise Skip("float32 answers another value")
    outs = [
        torch.zeros_like(x) if is_shape_only else settled(x, next(exact), how)
        for x, how in zip(tensors_of(got), compared)
    ]
    references = iter(outs)
    case["out"] = encode(walk(got, lambda x: next(references)))
    flags = ["special"] if is_special else []
    flags += ["gradUpToSymmetry"] if name in OF_SYMMETRIC else []
    if is_shape_only:
        case["cmp"] = ["shape"]
    elif name in FREE:
        case["cmp"] = compared
    elif name in ANY_OF_EQUALS and any(x.unique().numel() < x.numel() for x in inputs):
        case["cmp"] = ["value", "indices"][-len(outs) :]
        flags.append("ties")
    mutated = {}
    for i, (before, mine, exact_after) in enumerate(zip(inputs, tensors_of(changed32), tensors_of(changed64))):
        if not torch.equal(before.nan_to_num(), mine.nan_to_num()):
            mutated[str(i)] = encode(settled(mine, exact_after))
    case |= {"atol": loosest, "rtol": rtol} | ({"mutated": mutated} if mutated else {})
    if want_grads is not None:
        add_gradients(case, (got_grads, want_grads), cotangents, TOLERANCES[tolerance_class], flags)
    flags += ["empty"] if any(x.numel() == 0 for x in inputs) else []
    flags += ["nonfiniteOut"] if any(x.is_floating_point() and not x.isfinite().all() for x in outs) else []
    values = [case["input"], case["args"], [*case["kwargs"].values()]]
    flags += ["integralFloatScalar"] if has_whole_float(values) else []
    return case | ({"flags": flags} if flags else {}) | {"f32err": largest_share}


def add_gradients(case, grads, cotangents, tolerance, flags):
    atol, rtol = max(tolerance[0], GRADIENT_ATOL), max(tolerance[1], GRADIENT_RTOL)
    largest_output = max(c.numel() for c in cotangents if c is not None)
    encoded, tolerances = {}, {}
    for (i, mine), exact in zip(grads[0].items(), grads[1].values()):
        if mine is None or exact is None:
            encoded[str(i)] = None
            continue
        try:
            is_summed = tolerance[2] or exact.numel() < largest_output
            reference, needed, _ = settle(mine, exact, (atol, rtol), is_summed)
        except Skip:
            flags.append("gradFloat32Unstable")
            return
        encoded[str(i)], tolerances[str(i)] = encode(reference), needed
    case |= {"cotangents": [encode(c) for c in cotangents], "grads": encoded, "gatol": tolerances, "grtol": rtol}


def has_whole_float(encoded):
    if isinstance(encoded, dict):
        number = encoded.get("f")
        return isinstance(number, float) and number.is_integer() or has_whole_float(encoded.get("tuple"))
    return isinstance(encoded, list) and any(has_whole_float(item) for item in encoded)


# ---- the selection


def samples(op, dtype):
    if dtype not in op.supported_dtypes("cpu"):
        return []
    wants_grad = dtype.is_floating_point and op.supports_autograd
    found = list(op.sample_inputs("cpu", dtype, requires_grad=wants_grad))
    order = [round((len(found) - 1) * i / FLOAT_CASES) for i in range(FLOAT_CASES + 1)] if found else []
    return [(i, found[i]) for i in dict.fromkeys([*order, *range(len(found))])]


def cases_of(op, operator, seed, reasons):
    """Up to the wanted number of cases, evenly from all over the samples, then the next that fit."""
    made = []

    def take(dtype, count, size):
        for generator in (torch.manual_seed, random.seed, numpy.random.seed):
            generator((seed + zlib.crc32(f"{op.name} {op.variant_test_name} {dtype}".encode())) % 2**32)
        goal = len(made) + count
        seen = set()
        for index, sample in samples(op, dtype):
            if len(made) == goal:
                return
            try:
                case = make_case(op, operator, sample, size)
            except (Skip, RuntimeError, NotImplementedError) as reason:
                reasons[f"{type(reason).__name__}: {reason}".split("\n")[0][:70]] += 1
                continue
            key = json.dumps(case)
            if key not in seen:
                seen.add(key)
                made.append(case | {"id": len(made), "src": f"sample:{str(dtype)[6:]}:{index}"})

    for size in SIZES:
        take(torch.float32, FLOAT_CASES, size)
        take(torch.int64, INTEGER_CASES, size)
        take(torch.bool, BOOL_CASES, size)
        if made:
            break
    return made


def operators():
    """(name, variant, tier, class of tolerance) from the list."""
    for line in (HERE / "conformance_operators.txt").read_text().splitlines():
        if line.startswith("["):
            tier, tolerance_class = line.strip("[]").removeprefix("tier ").split(", ")
        elif line and not line.startswith("#"):
            for name in line.split():
                yield (*name.partition(":")[::2], tier, tolerance_class)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--op", help="only this operator, and say why samples were left out")
    parser.add_argument("--out", type=pathlib.Path, default=HERE.parent / "test/conformance/cases.jsonl.gz")
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # some samples come in the order of a set
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})
    torch.set_num_threads(1)  # sums in one order, so the same bytes
    warnings.simplefilter("ignore")
    database = {(op.name, op.variant_test_name): op for op in opinfo.op_db}
    lines, total = [], 0
    for operator in operators():
        if options.op not in (None, operator[0]):
            continue
        reasons = collections.Counter()
        made = cases_of(database[operator[:2]], operator, options.seed, reasons)
        total += bool(made)
        lines += [json.dumps(case, separators=(",", ":")) + "\n" for case in made]
        if options.op or not made:
            print(operator[0], operator[1], len(made), "cases; left out:", dict(reasons))
    compressed = gzip.compress("".join(lines).encode(), 9, mtime=0)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(compressed)
    print(f"{options.out}: {len(lines)} cases of {total} operators, {len(compressed)} bytes")


if __name__ == "__main__":
    main()
