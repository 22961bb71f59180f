"""What training adds to a donor, as one small file: int8 safetensors with the shape of it in the metadata.

Matrices are rounded to int8 with a scale per row (`model.quant`), vectors stay half floats. The donor is never in it.
Loading gives float32.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from model.moe import Routing
from model.quant import quantise

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Delta:
    """Learned tensors by name, with what is needed to place them."""

    routing: Routing
    window: int
    labels: Sequence[str]
    tensors: Mapping[str, Tensor]
    donor: str  # sha256 of the file it was trained over
    tasks: Sequence[str]  # what it was trained for; other work is the donor's


def save(path: Path, delta: Delta) -> None:
    """Write; the file appears whole or not at all."""
    out: dict[str, Tensor] = {}
    for name, tensor in delta.tensors.items():
        if tensor.dim() == 1:
            out[name] = tensor.half()
            continue
        weight, scale = quantise(tensor.reshape(-1, tensor.shape[-1]))
        out[name], out[f"{name}.scale"] = weight.view(tensor.shape), scale.view(tensor.shape[:-1]).half()
    about = {"format": FORMAT, "donor": delta.donor, "tasks": list(delta.tasks), "routing": asdict(delta.routing)}
    about |= {"window": delta.window, "labels": list(delta.labels)}
    save_file(out, path.with_suffix(".new"), metadata={"zhubo": json.dumps(about)})
    path.with_suffix(".new").replace(path)


def load(path: Path) -> Delta:
    """Read what `save` wrote; raises ValueError for a file of another kind or format."""
    tensors: dict[str, Tensor] = {}
    with safe_open(path, framework="pt") as file:
        about = json.loads((file.metadata() or {}).get("zhubo", "{}"))
        if about.get("format") != FORMAT:
            raise ValueError(f"expected a delta of format {FORMAT}, found {about.get('format')!r} in {path.name}")
        names = set(file.keys())
        for name in names:
            if name.endswith(".scale"):
                continue
            tensor: Tensor = file.get_tensor(name).float()
            if f"{name}.scale" in names:
                tensor = tensor * file.get_tensor(f"{name}.scale").float()[..., None]
            tensors[name] = tensor.contiguous()
    return Delta(
        Routing(**about["routing"]),
        about["window"],
        tuple(about["labels"]),
        tensors,
        about["donor"],
        tuple(about["tasks"]),
    )
