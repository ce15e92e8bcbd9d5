"""Prints, as JSON, the dtype in which PyTorch computes for every pair of operands: tensors of one dimension, tensors without
dimensions and Python's numbers, of every dtype there is here. PyTorch's int64 is int32 here.
"""
import json

import torch

DTYPES = {"bool": torch.bool, "uint8": torch.uint8, "int32": torch.int64, "float16": torch.float16, "float32": torch.float32}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
NUMBERS = {"true": True, "1": 1, "1.5": 1.5}

operands = {f"{name} tensor": torch.ones(1, dtype=dtype) for name, dtype in DTYPES.items()}
operands |= {f"{name} scalar": torch.ones((), dtype=dtype) for name, dtype in DTYPES.items()}
operands |= {f"{text} number": number for text, number in NUMBERS.items()}
table = {a: {b: NAMES[torch.result_type(x, y)] for b, y in operands.items()} for a, x in operands.items()}
rows = ",\n".join(f"{json.dumps(a)}: {json.dumps(row)}" for a, row in table.items())
print("{\n" + rows + "\n}")
