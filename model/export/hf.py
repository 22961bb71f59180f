"""Writes the model for Hugging Face transformers: `python -m model.export.hf DONOR_FOLDER OUT [--delta FILE]`.

The code beside the weights (`modeling_zhubo.py`) is all that another machine needs. Without a delta the folder holds
the dense donor with the kept tokens. That its logits are ours is tested in transformers; that vLLM or SGLang serve it
needs a GPU and was not tried.
"""

import argparse
import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from model import delta as deltas
from model.config import Config
from model.donor import CONFIG, TOKENIZER, WEIGHTS

CODE = ("configuration_zhubo.py", "modeling_zhubo.py")


def export(donor: Path, out: Path, learned: deltas.Delta | None, *, kind: torch.dtype = torch.bfloat16) -> None:
    """Write config, weights, tokenizer and code into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    config = Config.load(donor / CONFIG)
    about = asdict(config)
    about["vocab_size"] = about.pop("vocabulary")
    about["first"] = config.layers
    if learned is not None:
        about |= {"window": learned.window} | asdict(learned.routing)
    about |= {
        "model_type": "zhubo",
        "architectures": ["ZhuboForCausalLM"],
        "torch_dtype": str(kind).removeprefix("torch."),
        "auto_map": {
            "AutoConfig": "configuration_zhubo.ZhuboConfig",
            "AutoModelForCausalLM": "modeling_zhubo.ZhuboForCausalLM",
        },
    }
    (out / "config.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    save_file(_tensors(donor / WEIGHTS, learned, kind), out / "model.safetensors", metadata={"format": "pt"})
    bpe = json.loads((donor / TOKENIZER).read_text("utf-8"))
    added = [
        {"id": place, "content": word, "special": True}
        | dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
        for word, place in sorted(bpe["specials"].items(), key=lambda item: item[1])
    ]
    whole = bpe["bpe"] | {"added_tokens": added, "decoder": {"type": "ByteLevel", "add_prefix_space": False,
                          "trim_offsets": False, "use_regex": False}}  # fmt: skip
    (out / "tokenizer.json").write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    (out / "tokenizer_config.json").write_text('{"tokenizer_class": "PreTrainedTokenizerFast"}\n', "utf-8")
    for name in CODE:
        shutil.copy(Path(__file__).parent / name, out / name)


def _tensors(weights: Path, learned: deltas.Delta | None, kind: torch.dtype) -> dict[str, Tensor]:
    moved: Mapping[str, Tensor] = {} if learned is None else learned.tensors
    out: dict[str, Tensor] = {}
    with safe_open(weights, framework="pt") as file:
        names = set(file.keys())
        for name in names:
            if name.endswith(".scale"):
                continue
            tensor: Tensor = moved[name] if name in moved else file.get_tensor(name)
            if f"{name.removesuffix('.weight')}.scale" in names:
                tensor = tensor.float() * file.get_tensor(f"{name.removesuffix('.weight')}.scale")[:, None]
            elif not name.endswith(".bias"):
                name = f"{name}.weight"
            out[name if name.startswith(("head", "norm")) else f"blocks.{name}"] = tensor.to(kind).contiguous()
    for name, tensor in moved.items():
        if ".experts." in name:
            out[f"blocks.{name}"] = tensor.to(kind).contiguous()
    out["embedding.weight"] = out["head.weight"].clone()
    return out


def main() -> None:
    """Entry point of `python -m model.export.hf`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("donor", type=Path, help="folder made by model.donor.prepare")
    parser.add_argument("out", type=Path)
    parser.add_argument("--delta", type=Path)
    wanted = parser.parse_args()
    export(wanted.donor, wanted.out, None if wanted.delta is None else deltas.load(wanted.delta))


if __name__ == "__main__":
    main()
