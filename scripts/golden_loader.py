"""Batches of indices that PyTorch's DataLoader makes, and which combinations of its options it refuses.

Sample i of the dataset is i, and the collate function hands the samples on, so a batch is its indices. Samplers are
lists of indices, so that nothing here is random. One line per case: options by their names in camelCase, the batches
or "raises", and len(loader).
"""
import json
import sys
import warnings

import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset

warnings.simplefilter("ignore")


class Map(Dataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return index


class Stream(IterableDataset):
    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __iter__(self):
        return iter(range(self.length))


def same(samples):
    return samples


def case(kind, length, **options):
    names = {
        "batchSize": "batch_size", "shuffle": "shuffle", "sampler": "sampler", "batchSampler": "batch_sampler",
        "numWorkers": "num_workers", "dropLast": "drop_last", "timeout": "timeout",
        "prefetchFactor": "prefetch_factor", "persistentWorkers": "persistent_workers", "pinMemory": "pin_memory",
    }
    result = {"kind": kind, "length": length, "options": options}
    try:
        loader = DataLoader(
            (Map if kind == "map" else Stream)(length), collate_fn=same, **{names[k]: v for k, v in options.items()}
        )
        batches = list(loader)
        if options.get("shuffle"):
            # The order is the generator's, which is not PyTorch's here: the sizes of the batches are what counts.
            batches = [[-1] * len(batch) if isinstance(batch, list) else -1 for batch in batches]
        result["batches"] = batches
        result["batchesAgain"] = None if options.get("shuffle") else list(loader) == batches
        try:
            result["loaderLength"] = len(loader)
        except TypeError:
            result["loaderLength"] = None
    except Exception as error:
        result["raises"] = type(error).__name__
    return result


cases = []
add = lambda *args, **options: cases.append(case(*args, **options))
samplers = {"none": None, "reversed": [4, 3, 2, 1, 0], "part": [2, 5], "repeated": [1, 1, 0, 3, 3, 3, 6], "empty": []}
batch_samplers = {"uneven": [[0, 1, 2], [3], [4, 5]], "empty": [], "overlapping": [[0, 1], [1, 2], [2, 0]], "holes": [[], [1]]}

# Sizes: every length and batch size, both ends of dropLast, samplers; in the loop and with workers.
for length in (0, 1, 2, 5, 7, 8):
    for batch_size in (1, 2, 3, 8, None):
        for drop_last in (False, True):
            add("map", length, batchSize=batch_size, dropLast=drop_last)
for name, sampler in samplers.items():
    if sampler is None:
        continue
    for batch_size in (1, 2, 3, None):
        for drop_last in (False, True):
            for workers in (0, 2):
                add("map", 7, sampler=sampler, batchSize=batch_size, dropLast=drop_last, numWorkers=workers)
for batch_sampler in batch_samplers.values():
    for workers in (0, 1, 2):
        add("map", 6, batchSampler=batch_sampler, numWorkers=workers)
for length in (1, 5, 8):
    for batch_size in (1, 3):
        for workers in (1, 2, 3):
            for prefetch in (1, 3):
                add("map", length, batchSize=batch_size, numWorkers=workers, prefetchFactor=prefetch)
for workers in (0, 2):
    for drop_last in (False, True):
        add("map", 7, shuffle=True, batchSize=3, dropLast=drop_last, numWorkers=workers)
        add("map", 7, shuffle=False, batchSize=3, dropLast=drop_last, numWorkers=workers, pinMemory=False)
    add("map", 7, shuffle=True, batchSize=None, numWorkers=workers)

# Datasets without indices.
for length in (0, 1, 5, 6):
    for batch_size in (1, 2, 4, None):
        for drop_last in (False, True):
            add("iterable", length, batchSize=batch_size, dropLast=drop_last)
for length in (1, 5):
    for batch_size in (2, None):
        for workers in (1, 2):
            add("iterable", length, batchSize=batch_size, numWorkers=workers)
for options in (
    dict(shuffle=True), dict(shuffle=False), dict(sampler=[0]), dict(batchSampler=[[0]]), dict(batchSize=0),
    dict(shuffle=True, sampler=[0]), dict(dropLast=True, batchSize=None), dict(batchSize=2.5),
):
    add("iterable", 3, **options)

# Options that exclude each other, each pair of batchSampler's and sampler's, given and left at their defaults.
for other in (
    dict(batchSize=1), dict(batchSize=2), dict(batchSize=None), dict(shuffle=True), dict(shuffle=False),
    dict(sampler=[0, 1]), dict(dropLast=True), dict(dropLast=False), dict(numWorkers=1),
    dict(batchSize=1, shuffle=False, dropLast=False), dict(batchSize=2, dropLast=True), dict(sampler=[0], shuffle=True),
):
    add("map", 4, batchSampler=[[0, 1], [2, 3]], **other)
    if "sampler" not in other:
        add("map", 4, sampler=[3, 1], **other)
add("map", 4, batchSize=None, dropLast=True)
add("map", 4, batchSize=None, dropLast=True, sampler=[0])
add("map", 0, shuffle=True)
add("map", 0, shuffle=False)

# Numbers that are not what they count, and options that need workers.
for batch_size in (0, -1, 2.5):
    add("map", 4, batchSize=batch_size)
    add("map", 4, batchSize=batch_size, sampler=[0, 1])
    add("map", 4, batchSize=batch_size, dropLast=True)
for workers in (-1, -2):
    add("map", 4, numWorkers=workers)
for timeout in (-1, -0.5):
    add("map", 4, timeout=timeout)
    add("map", 4, timeout=timeout, numWorkers=1)
add("map", 4, timeout=0)
add("map", 4, timeout=1)
add("map", 4, timeout=5, numWorkers=1)
for prefetch in (0, -1):
    add("map", 4, prefetchFactor=prefetch)
    add("map", 4, prefetchFactor=prefetch, numWorkers=1)
add("map", 4, prefetchFactor=3)
add("map", 4, prefetchFactor=1)
for workers in (0, 1, 2):
    for persistent in (False, True):
        add("map", 4, persistentWorkers=persistent, numWorkers=workers, batchSize=3)

print(f"PyTorch {torch.__version__}: {len(cases)} cases, {sum('raises' in c for c in cases)} raise", file=sys.stderr)
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
