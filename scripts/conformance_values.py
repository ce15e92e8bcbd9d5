"""Python values of conformance cases: copies of their tensors and their JSON form."""

import base64
import math

import torch

DTYPES = {
    torch.float32: "float32",
    torch.float64: "float32",
    torch.int32: "int32",
    torch.int64: "int32",
    torch.uint8: "uint8",
    torch.bool: "bool",
}


class Skip(Exception):
    """Why a sample is left out."""


def walk(value, change):
    """`value` with every tensor and dtype in it replaced by change(it)."""
    if isinstance(value, (torch.Tensor, torch.dtype)):
        return change(value)
    if isinstance(value, list):
        return [walk(item, change) for item in value]
    if isinstance(value, tuple):  # also torch.Size and the named tuples of results
        return tuple(walk(item, change) for item in value)
    if isinstance(value, dict):
        return {key: walk(item, change) for key, item in value.items()}
    return value


def tensors_of(value):
    if isinstance(value, torch.Tensor):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else []
    return [tensor for item in items for tensor in tensors_of(item)]


def fresh(x):
    """A contiguous copy in float32 or an integer dtype."""
    if isinstance(x, torch.dtype):
        return torch.float32 if x == torch.float64 else x
    copy = x.detach().clone(memory_format=torch.contiguous_format)
    copy = copy.float() if x.dtype == torch.float64 else copy
    return copy.requires_grad_(x.requires_grad)


def doubled(x):
    if isinstance(x, torch.dtype):
        return torch.float64 if x == torch.float32 else x
    return (x.detach().double() if x.is_floating_point() else x.clone()).requires_grad_(x.requires_grad)


def encode_tensor(x, dtype=None):
    dtype = DTYPES.get(dtype or x.dtype)
    if dtype is None:
        raise Skip(f"dtype {x.dtype}")
    flat = x.detach().contiguous().resolve_conj().resolve_neg()
    if x.dtype == torch.int64 and x.numel() > 0 and ((x < -(2**31)) | (x >= 2**31)).any():
        raise Skip("beyond int32")
    data = flat.to(getattr(torch, dtype)).numpy().tobytes()
    return {"dtype": dtype, "shape": list(x.shape), "data": base64.b64encode(data).decode()}


def encode(value, ids=None):
    """The JSON form; with `ids`, tensors are numbered on from there."""
    if value is None or isinstance(value, (bool, str, int)):
        return value
    if isinstance(value, float):
        return {"f": value if math.isfinite(value) else str(value)}
    if isinstance(value, torch.Tensor):
        encoded = encode_tensor(value)
        if ids is not None:
            encoded |= {"requiresGrad": True} if value.requires_grad else {}
            encoded |= {"id": next(ids)}
        return {"t": encoded}
    if isinstance(value, torch.dtype):
        if value not in DTYPES:
            raise Skip(f"dtype {value}")
        return {"dtype": DTYPES[value]}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if type(value) is list:
        return [encode(item, ids) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [encode(item, ids) for item in value]}
    raise Skip(f"argument of type {type(value).__name__}")
