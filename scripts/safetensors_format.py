"""The safetensors format, written and read by struct and json alone: what tapegrad's own code is compared with.

    python3 scripts/safetensors_format.py FILE      loads a file into the model of golden_files.py, and prints its outputs
"""
import json
import struct
import sys

import torch

TYPES = {
    "F64": torch.float64, "F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16,
    "I64": torch.int64, "I32": torch.int32, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}
NAMES = {dtype: name for name, dtype in TYPES.items()}


def write(tensors, path, metadata):
    header, body = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        data = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": NAMES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + body)


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header, body = json.loads(content[8 : 8 + length]), bytearray(content[8 + length :])
    metadata = header.pop("__metadata__", {})
    tensors, covered = {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert begin == covered and length % 8 == 0, (name, begin, covered, length)
        covered = end
        dtype = TYPES[entry["dtype"]]
        tensors[name] = torch.frombuffer(body[begin:end], dtype=dtype).reshape(entry["shape"]).clone()
    assert covered == len(body), (covered, len(body))
    return tensors, metadata


if __name__ == "__main__":
    from golden_files import model, outputs

    net = model()
    net.load_state_dict(read(sys.argv[1])[0])
    print(json.dumps(outputs(net)))
