"""A random model small enough for a test, with a real tokenizer: all 256 bytes, some merges, the control tokens."""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from model.cache import PrefixCache
from model.config import Config
from model.delta import Delta
from model.donor import CONFIG, TOKENIZER, WEIGHTS
from model.engine import Engine
from model.moe import Routing, born
from model.quant import quantise
from model.tokenizer import END, START, TEXT_END, Tokenizer, byte_letters
from model.transformer import Transformer

_MERGED = ["中", "国", "元", "的", "保温", "中国", '":', '",', "12", "99", "the", "null", "true", "},", '","', "不锈钢"]


def tiny_tokenizer() -> Tokenizer:
    """Byte-level BPE with a handful of merges (every prefix of each merged word is a token)."""
    letters = {byte: letter for letter, byte in byte_letters().items()}
    words = [letters[byte] for byte in range(256)]
    merges: list[tuple[str, str]] = []
    for text in _MERGED:
        spelled = [letters[byte] for byte in text.encode()]
        for n in range(1, len(spelled)):
            left, right = "".join(spelled[:n]), spelled[n]
            if left + right not in words:
                words.append(left + right)
                merges.append((left, right))
    ids = {word: i for i, word in enumerate(words)}
    specials = {name: len(ids) + i for i, name in enumerate((TEXT_END, START, END))}
    return Tokenizer.build(words=ids, merges=merges, specials=specials)


def tiny_config(vocabulary: int) -> Config:
    """Two layers, grouped heads."""
    return Config(
        layers=2,
        width=32,
        heads=4,
        kv_heads=2,
        head_width=8,
        ffn_width=64,
        vocabulary=vocabulary,
        rope_base=10000.0,
        norm_eps=1e-6,
        context=2048,
    )


def tiny_tensors(config: Config, seed: int = 0) -> dict[str, Tensor]:
    """Random weights under the names the converter writes."""
    random = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=random).mul_(shape[-1] ** -0.5)

    out = {"norm": torch.ones(config.width)}

    def keep(name: str, rows: int, columns: int) -> None:
        out[f"{name}.weight"], out[f"{name}.scale"] = quantise(normal(rows, columns))

    keep("head", config.vocabulary, config.width)
    out["head.scale"] *= 8  # sharper choices, and an embedding strong enough to matter
    for i in range(config.layers):
        out[f"{i}.attention_norm"] = out[f"{i}.ffn_norm"] = torch.ones(config.width)
        keep(f"{i}.qkv", config.q_width + 2 * config.kv_width, config.width)
        out[f"{i}.qkv.bias"] = normal(config.q_width + 2 * config.kv_width)
        keep(f"{i}.out", config.width, config.q_width)
        keep(f"{i}.gate_up", 2 * config.ffn_width, config.width)
        keep(f"{i}.down", config.width, config.ffn_width)
    return out


def tiny_engine(
    tokenizer: Tokenizer, *, seed: int = 0, cache_bytes: int = 1 << 22, delta: Delta | None = None
) -> Engine:
    """An engine around random weights."""
    config = tiny_config(len(tokenizer.token_bytes))
    model = Transformer(config, tiny_tensors(config, seed), context=2048, delta=delta)
    return Engine(model, tokenizer, tokenizer.ends, PrefixCache(cache_bytes))


def tiny_delta(*, seed: int = 0, trained: bool = True, window: int = 0, p: float = 0.6, most: int = 4) -> Delta:
    """Experts for the upper of the two layers and two labels to mark; as born, or as if training had moved them."""
    routing = Routing(first=1, experts=4, hidden=8, p=p, most=most)
    random = torch.Generator().manual_seed(seed)
    experts = born(routing, 32, random)
    down = torch.randn(4, 32, 8, generator=random) * 0.3 if trained else experts.down
    router = experts.router * 40  # sharp enough to choose
    tensors = {
        "1.experts.router": router,
        "1.experts.gate_up": experts.gate_up,
        "1.experts.down": down,
        "marks": torch.randn(6, 32, generator=random),
    }
    return Delta(routing, window, ("title", "price"), tensors, "0" * 64, ("mark",))


def save_tiny(folder: Path) -> None:
    """A folder of weights as `donor.prepare` leaves it."""
    tokenizer = tiny_tokenizer()
    config = tiny_config(len(tokenizer.token_bytes))
    config.save(folder / CONFIG)
    tokenizer.save(folder / TOKENIZER)
    save_file({name: tensor.clone() for name, tensor in tiny_tensors(config).items()}, folder / WEIGHTS)
