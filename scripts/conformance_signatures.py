"""The names of arguments and which of them are required, from PyTorch's schemas and Python signatures."""

import inspect
import types

import torch
import torch.nn.functional as F
from conformance_values import Skip

# Parameters that neither a schema nor a Python signature tells; a star makes a name variadic.
PARAMETERS = {
    "T": ["input"],
    "mT": ["input"],
    "__getitem__": ["input", "index"],
    "to": ["input", "target"],
    "einsum": ["equation", "*operands"],
    "sum_to_size": ["input", "*size"],
    "broadcast_shapes": ["*shapes"],
}
# Functions that dispatch on an argument hide their signature; these have it.
UNDISPATCHED = {
    "unique": torch.functional._unique_impl,
    "lu": torch.functional._lu_impl,
    **{
        f"nn.functional.{kind}_pool{d}d": getattr(F, f"{kind}_pool{d}d_with_indices")
        for kind in ("max", "adaptive_max")
        for d in (1, 2, 3)
    },
}


def public(name):
    """PyTorch's function or method of this name, as a function."""
    for found in (torch, torch.Tensor):
        for part in name.split("."):
            found = getattr(found, part, None)
        if callable(found):
            return found
        if inspect.isdatadescriptor(found):
            return found.__get__
    raise LookupError(name)


def accepts(kind, value):
    """Whether a parameter of this TorchScript type takes the value."""
    if kind.startswith("Optional["):
        return value is None or accepts(kind[9:-1], value)
    if kind.startswith("List["):
        listed = isinstance(value, (list, tuple)) and all(accepts(kind[5:-1], item) for item in value)
        return listed or (kind == "List[int]" and accepts("int", value))
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {
        "Tensor": isinstance(value, torch.Tensor),
        "number": is_number or isinstance(value, bool),
        "float": is_number,
        "int": isinstance(value, torch.dtype) or (is_number and isinstance(value, int)),
        "bool": isinstance(value, bool),
        "str": isinstance(value, str),
    }.get(kind, False)


def signature(name, positional, kwargs):
    """[[name, kind, where]] of each argument; positional[0] is `input`, the others are `args`."""
    wheres = ["input", *(f"args.{i}" for i in range(len(positional) - 1))]
    named = {key: f"kwargs.{key}" for key in kwargs}
    function = UNDISPATCHED.get(name) or public(name)
    if name in PARAMETERS:
        names = PARAMETERS[name]
        names = names + names[-1:] * (len(positional) - len(names))
        rows = [[parameter, "req", where] for parameter, where in zip(names, wheres)]
        return rows + [[key, "opt", where] for key, where in named.items()]
    if isinstance(function, types.FunctionType):
        parameters = inspect.signature(function).parameters.values()
        if parameters and next(iter(parameters)).kind is inspect.Parameter.VAR_POSITIONAL:
            star = f"*{next(iter(parameters)).name}"
            return [[star, "req", where] for where in wheres] + [[key, "opt", where] for key, where in named.items()]
        kinds = {p.name: "req" if p.default is p.empty else "opt" for p in parameters}
        rows = [*zip(kinds, wheres), *named.items()]
        return [["input" if key == "self" else key, kinds[key], where] for key, where in rows]

    first = lambda schema: str(schema.arguments[0].type)  # noqa: E731
    known = torch._C._jit_get_schemas_for_operator(f"aten::{function.__name__}")
    schemas = [s for s in known if not s.overload_name.endswith("out") and accepts(first(s), positional[0])]
    for schema in schemas:
        ordered = [parameter for parameter in schema.arguments if not parameter.kwarg_only]
        by_name = {parameter.name: parameter for parameter in schema.arguments}
        if len(positional) > len(ordered) or not set(kwargs) <= set(by_name):
            continue
        given = [*zip(ordered, positional, wheres)]
        given += [(by_name[key], kwargs[key], where) for key, where in named.items()]
        absent = set(by_name) - {parameter.name for parameter, _, _ in given}
        if not all(accepts(str(parameter.type), value) for parameter, value, _ in given):
            continue
        if any(is_required(by_name[key]) and not accepts(str(by_name[key].type), None) for key in absent):
            continue
        kind = kinds_of(schema, schemas)
        return [["input" if p.name == "self" else p.name, kind.get(p.name, "opt"), where] for p, _, where in given]
    if len(positional) > 1:
        raise Skip("no signature fits")
    return [["input", "req", "input"], *([key, "opt", where] for key, where in named.items())]


def is_required(parameter):
    return not parameter.has_default_value()


def kinds_of(schema, schemas):
    """Of the required parameters: "ovl" where another overload takes the same call without it, else "req"."""
    positional = lambda s: [p for p in s.arguments if not p.kwarg_only]  # noqa: E731
    ordered = positional(schema)
    needed = lambda parameters: {p.name for p in parameters if is_required(p)}  # noqa: E731
    others = [positional(other) for other in schemas]
    shorter = [{p.name for p in other} for other in others if needed(other) < {p.name for p in ordered}]
    return {key: "ovl" if any(key not in other for other in shorter) else "req" for key in needed(ordered)}
