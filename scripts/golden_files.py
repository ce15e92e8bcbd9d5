"""Writes small files as PyTorch's safetensors writer and NumPy would: test/goldens/torch.safetensors, numpy.npz and
numpy-compressed.npz.

    python3 scripts/golden_files.py
"""
import json

import numpy
import torch

from safetensors_format import write


def model():
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.Flatten(), torch.nn.Linear(8, 3)
    )
    net(torch.randn(4, 1, 4, 4))  # gives batch norm's statistics values
    return net


def outputs(net):
    x = torch.arange(32.0).reshape(2, 1, 4, 4).sin()
    return net.eval()(x).detach().tolist()


if __name__ == "__main__":
    net = model()
    # "format" is what the writer of the safetensors package puts there; the other is ours
    write(net.state_dict(), "test/goldens/torch.safetensors", {"format": "pt", "outputs": json.dumps(outputs(net))})
    arrays = {
        "f8": numpy.array([0.1, -2.5]), "f4": numpy.array([[1.5, 2], [3, 4]], "f4"), "i8": numpy.array([1, -2]),
        "i4": numpy.array(7, "i4"), "i2": numpy.array([-300], "i2"), "i1": numpy.array([-3], "i1"),
        "u8": numpy.array([5], "u8"), "u4": numpy.array([6], "u4"), "u2": numpy.array([65535], "u2"),
        "u1": numpy.array([255], "u1"), "b1": numpy.array([True, False]), "empty": numpy.zeros((0, 3), "f4"),
        "zeros": numpy.zeros((20, 10), "f4"),
    }
    numpy.savez("test/goldens/numpy.npz", **arrays)
    numpy.savez_compressed("test/goldens/numpy-compressed.npz", **arrays)
