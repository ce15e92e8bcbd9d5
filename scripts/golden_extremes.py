"""Values and derivatives at the ends of what float32 holds, as PyTorch 1.13 has them: test/goldens/extremes.json.

    /usr/bin/python3 scripts/golden_extremes.py > test/goldens/extremes.json

Every function is computed in float32 and, from the same float32 inputs, in float64; functions of single elements in
float32 twice, since PyTorch's code for vectors and its code for the elements left over differ at some NaNs. A number in
the file stands for all of these. A list says that they differ: float32 overflowed, underflowed or lost digits on the way.
float64 is not in the list where float32 is NaN or infinite both times: then that counts.

What test/ops/extremes-table.test.ts asks for: NaN or an infinity if the list has it; else a number between the finite ones
of the list, give or take 2e-6 of it; beside a 0, of which float64 may have lost digits too, 1e-24. Adapters may flush denormals, results and intermediate ones, so what is below
1.18e-38 times |x| (at least 1, at most 100) may be 0. Keys are those of test/ops/extreme-functions.ts.
"""

import json
import math

import torch
import torch.nn.functional as F

TINY = 1.1754943508222875e-38  # the least normal float32
MAX = 3.4028234663852886e38
INF = math.inf
SIZES = [0.0, TINY, 1e-8, 1e-4, 0.5, 1.0, 10.0, 88.0, 89.0, 100.0, 1e4, MAX, INF]
POINTS = [sign * size for size in SIZES for sign in (1.0, -1.0)] + [math.nan]
UNIT = [0.0, TINY, 1e-8, 1e-4, 0.5, 1.0]  # where PyTorch refuses others
ROWS = [
    [INF, 0.0, 1.0],
    [INF, INF, 1.0],
    [-INF, 0.0, 1.0],
    [-INF, -INF, 1.0],
    [-INF, -INF, -INF],
    [INF, -INF, 0.0],
    [math.nan, 0.0, 1.0],
    [0.0, 1.0, math.nan],
    [1e4, 0.0, -1e4],
    [-1e4, 100.0, 0.0],
    [MAX, -MAX, 0.0],
    [89.0, 88.0, -100.0],
    [TINY, 0.0, -TINY],
]
COPIES = 32  # PyTorch computes most elements in vectors and the last few one by one; these are the former


def t(*values):
    return lambda like: torch.tensor(values, dtype=like.dtype)


def n(name, **options):
    """A function of torch.nn.functional."""
    return lambda x: getattr(F, name)(x, **options)


def to(target, name, **options):
    """A loss of every element against one target."""
    return lambda x: getattr(F, name)(x, torch.full_like(x.detach(), target), reduction="none", **options)


def sinc(x):
    """torch.sinc, whose derivative cancels near 0 even in float64; there, its series."""
    if x.dtype == torch.float32:
        return torch.sinc(x)
    square = (math.pi * x) ** 2
    return torch.where(x.abs() < 1e-3, 1 - square / 6 + square**2 / 120, torch.sinc(x))


FUNCTIONS = {
    **{
        name: (lambda name: lambda x: getattr(torch, name)(x))(name)
        for name in (
            "abs acos acosh asin asinh atan atanh ceil cos cosh erf erfc erfinv exp exp2 expm1 floor log log10 log1p log2 "
            "logit neg reciprocal round rsqrt sigmoid sign sin sinh sqrt square tan tanh trunc"
        ).split()
    },
    "sinc": sinc,
    "logit 1e-6": lambda x: torch.logit(x, eps=1e-6),
    "round 2": lambda x: torch.round(x, decimals=2),
    "round -2": lambda x: torch.round(x, decimals=-2),
    "celu": n("celu"),
    "celu 2": n("celu", alpha=2.0),
    "elu": n("elu"),
    "elu 0.5": n("elu", alpha=0.5),
    "gelu": n("gelu"),
    "gelu tanh": n("gelu", approximate="tanh"),
    "glu": lambda x: F.glu(torch.stack([torch.full_like(x, 2.0), x], -1), -1).squeeze(-1),
    "hardshrink": n("hardshrink"),
    "hardsigmoid": n("hardsigmoid"),
    "hardswish": n("hardswish"),
    "hardtanh": n("hardtanh"),
    "hardtanh -2 3": n("hardtanh", min_val=-2.0, max_val=3.0),
    "leakyRelu": n("leaky_relu"),
    "leakyRelu 0.5": n("leaky_relu", negative_slope=0.5),
    "logsigmoid": n("logsigmoid"),
    "mish": n("mish"),
    "prelu": lambda x: F.prelu(x, torch.tensor([0.25], dtype=x.dtype)),
    "relu": n("relu"),
    "relu6": n("relu6"),
    "selu": n("selu"),
    "silu": n("silu"),
    "softplus": n("softplus"),
    "softplus 2 5": n("softplus", beta=2.0, threshold=5.0),
    "softshrink": n("softshrink"),
    "softsign": n("softsign"),
    "tanhshrink": n("tanhshrink"),
    "threshold": n("threshold", threshold=0.5, value=20.0),
    **{f"bceWithLogits {target}": to(target, "binary_cross_entropy_with_logits") for target in (0.0, 0.25, 1.0)},
    "bceWithLogits posWeight": lambda x: F.binary_cross_entropy_with_logits(
        x, torch.full_like(x.detach(), 0.25), pos_weight=t(3.0)(x), reduction="none"
    ),
    "huberLoss": to(0.5, "huber_loss"),
    "huberLoss 2": to(0.5, "huber_loss", delta=2.0),
    "klDiv": to(0.25, "kl_div"),
    "klDiv log": to(-1.0, "kl_div", log_target=True),
    "l1Loss": to(0.5, "l1_loss"),
    "mseLoss": to(0.5, "mse_loss"),
    "smoothL1Loss": to(0.5, "smooth_l1_loss"),
    "smoothL1Loss 2": to(0.5, "smooth_l1_loss", beta=2.0),
    "gaussianNllLoss": lambda x: F.gaussian_nll_loss(
        x, torch.full_like(x.detach(), 0.5), torch.full_like(x.detach(), 2.0), reduction="none"
    ),
    "hingeEmbeddingLoss 1": to(1.0, "hinge_embedding_loss"),
    "hingeEmbeddingLoss -1": to(-1.0, "hinge_embedding_loss"),
    "marginRankingLoss": lambda x: F.margin_ranking_loss(
        x, torch.full_like(x.detach(), 0.5), torch.ones_like(x.detach()), margin=0.25, reduction="none"
    ),
    "poissonNllLoss": to(2.0, "poisson_nll_loss", full=True),
    "poissonNllLoss rate": to(2.0, "poisson_nll_loss", log_input=False),
    "softMarginLoss 1": to(1.0, "soft_margin_loss"),
    "softMarginLoss -1": to(-1.0, "soft_margin_loss"),
}

UNIT_FUNCTIONS = {f"binaryCrossEntropy {target}": to(target, "binary_cross_entropy") for target in (0.0, 0.25, 1.0)}


def label(c):
    return lambda x: torch.full([x.shape[0]], c, dtype=torch.int64)


def row_loss(name, target, **options):
    return lambda x: getattr(F, name)(x, target(x), reduction="none", **options)


def probabilities(x):
    return t(0.5, 0.25, 0.25)(x).expand(x.shape[0], 3)


def marks(*values):
    return lambda x: torch.tensor(values).expand(x.shape[0], 3)


ROW_FUNCTIONS = {
    "softmax": lambda x: torch.softmax(x, 1),
    "softmin": lambda x: F.softmin(x, 1),
    "logSoftmax": lambda x: torch.log_softmax(x, 1),
    "logsumexp": lambda x: torch.logsumexp(x, 1),
    **{f"crossEntropy {c}": row_loss("cross_entropy", label(c)) for c in (0, 1)},
    "crossEntropy ignored": row_loss("cross_entropy", label(-100)),
    "crossEntropy weight": lambda x: F.cross_entropy(x, label(0)(x), weight=t(2.0, 1.0, 0.5)(x), reduction="none"),
    "crossEntropy smooth": row_loss("cross_entropy", label(0), label_smoothing=0.25),
    "crossEntropy probabilities": row_loss("cross_entropy", probabilities),
    "nllLoss 0": row_loss("nll_loss", label(0)),
    "cosineEmbeddingLoss": lambda x: F.cosine_embedding_loss(x, torch.ones_like(x), label(1)(x), reduction="none"),
    "multiMarginLoss": row_loss("multi_margin_loss", label(1)),
    "multiMarginLoss 2": row_loss("multi_margin_loss", label(1), p=2),
    "multilabelMarginLoss": row_loss("multilabel_margin_loss", marks(2, 0, -1)),
    "multilabelSoftMarginLoss": lambda x: F.multilabel_soft_margin_loss(x, marks(1.0, 0.0, 1.0)(x), reduction="none"),
    "tripletMarginLoss": lambda x: F.triplet_margin_loss(torch.zeros_like(x), x, torch.ones_like(x), reduction="none"),
}


def values_and_slopes(f, inputs, dtype, copies=COPIES):
    x = torch.tensor(inputs, dtype=torch.float32).repeat_interleave(copies, 0).to(dtype).requires_grad_()
    y = f(x)
    # a sum would tell nothing of softmax
    dy = torch.ones_like(y) if y.dim() == 1 else torch.arange(1.0, 4.0, dtype=dtype).expand_as(y)
    y.backward(dy)
    dx = x.grad if x.grad is not None else torch.zeros_like(x)
    return [y.detach()[::copies].flatten().tolist(), dx[::copies].flatten().tolist()]


def one_by_one(f, inputs):
    if isinstance(inputs[0], list):
        return values_and_slopes(f, inputs, torch.float32)
    each = [values_and_slopes(f, [point], torch.float32, 1) for point in inputs]
    return [[y[0] for y, _ in each], [dx[0] for _, dx in each]]


def rounded(value, keep_sign=False):
    """The shortest decimals that float32 tells apart; infinity and NaN are strings in JSON."""
    single = torch.tensor(value, dtype=torch.float32).item()
    if not math.isfinite(single):
        return "nan" if math.isnan(single) else "inf" if single > 0 else "-inf"
    if single == 0 and math.copysign(1, single) < 0 and keep_sign:
        return "-0"
    return int(single) if single == int(single) and abs(single) < 1e9 else float(f"{single:.8g}")


def entry(vector, scalar, double):
    singles = [rounded(vector), rounded(scalar)]
    finite = [value for value in singles if not isinstance(value, str)]
    best = rounded(double)
    every = [*singles, *([best] if finite and not isinstance(best, str) else [])]
    answers = [value for i, value in enumerate(every) if value not in every[:i]]
    numbers = [value for value in answers if not isinstance(value, str)]
    if len(numbers) == len(answers) and max(numbers) - min(numbers) <= 2e-7 * abs(best):
        return best
    return answers[0] if len(answers) == 1 else answers


def table(functions, inputs):
    result = {}
    for name, f in functions.items():
        vector = values_and_slopes(f, inputs, torch.float32)
        scalar = one_by_one(f, inputs)
        double = values_and_slopes(f, inputs, torch.float64)
        result[name] = [[entry(*answers) for answers in zip(*kind)] for kind in zip(vector, scalar, double)]
    return result


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    sections = {
        "points": (FUNCTIONS, POINTS),
        "unit": (UNIT_FUNCTIONS, UNIT),
        "rows": (ROW_FUNCTIONS, ROWS),
    }
    lines = []
    for name, (functions, inputs) in sections.items():
        rows = [f"  {json.dumps(key)}: {compact(value)}" for key, value in table(functions, inputs).items()]
        given = compact([[rounded(v, True) for v in row] if isinstance(row, list) else rounded(row, True) for row in inputs])
        lines.append(f' {json.dumps(name)}: {{"inputs": {given}, "functions": {{\n' + ",\n".join(rows) + "\n }}")
    print("{\n" + f' "made by": "scripts/golden_extremes.py with PyTorch {torch.__version__}",\n' + ",\n".join(lines) + "\n}")


if __name__ == "__main__":
    main()
