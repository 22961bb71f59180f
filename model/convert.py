"""Reads any Qwen2-family GGUF (llama.cpp's format, version 3) and writes our own folder of weights.

`python -m model.convert FILE.gguf FOLDER` prints a step and a part 0..1 per line; run by `model.donor.prepare`. It
undoes the file's quantisation with the `gguf` package, rounds every matrix to int8 with row scales (`model.quant`)
and keeps the tokenizer beside it. Ends with 2, and a reason on stderr, for a file of another kind.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import gguf
import torch
from safetensors.torch import save_file
from torch import Tensor

from model.config import Config
from model.donor import CONFIG, TOKENIZER, WEIGHTS, NotADonor
from model.quant import quantise
from model.tokenizer import Tokenizer
from model.vocabulary import Selection, selection


def convert(path: Path, folder: Path, progress: Callable[[str, float], None], *, pruned: bool = True) -> None:
    """Convert one file into `folder`, with its whole vocabulary unless `pruned`; raises NotADonor."""
    try:
        reader = gguf.GGUFReader(path)
    except ValueError as wrong:
        raise NotADonor(f"expected a GGUF file, but {path.name}: {wrong}") from wrong
    progress("tokenizer", 0.0)
    tokens, _, tokenizer = tokenizer_of(reader, pruned=pruned)
    tokenizer.save(folder / TOKENIZER)
    kept, config = selection(tokens) if pruned else None, _config(reader)
    if kept is not None:
        config = replace(config, vocabulary=len(kept.rows))
    config.save(folder / CONFIG)
    save_file(_tensors(reader, config, kept, progress), folder / WEIGHTS)


def _field(reader: gguf.GGUFReader, name: str) -> object:
    field = reader.get_field(name)
    if field is None:
        raise NotADonor(f"expected the field {name!r}, which this file lacks")
    return field.contents()


def _config(reader: gguf.GGUFReader) -> Config:
    family = _field(reader, "general.architecture")
    if family != "qwen2":
        raise NotADonor(f"expected the architecture 'qwen2', found {family!r}")

    def number(name: str) -> int:
        return int(str(_field(reader, f"qwen2.{name}")))

    width, heads = number("embedding_length"), number("attention.head_count")
    return Config(
        layers=number("block_count"),
        width=width,
        heads=heads,
        kv_heads=number("attention.head_count_kv"),
        head_width=width // heads,
        ffn_width=number("feed_forward_length"),
        vocabulary=len(reader.get_field("tokenizer.ggml.tokens").data),
        rope_base=float(str(_field(reader, "qwen2.rope.freq_base"))),
        norm_eps=float(str(_field(reader, "qwen2.attention.layer_norm_rms_epsilon"))),
        context=number("context_length"),
    )


def tokenizer_of(
    reader: gguf.GGUFReader, *, pruned: bool = True
) -> tuple[Sequence[str], Sequence[tuple[str, str]], Tokenizer]:
    """The file's tokens by id, its merges in order, and a tokenizer of those that are kept (`model.vocabulary`)."""
    tokens, lines = _field(reader, "tokenizer.ggml.tokens"), _field(reader, "tokenizer.ggml.merges")
    kinds = _field(reader, "tokenizer.ggml.token_type")
    if not (isinstance(tokens, list) and isinstance(lines, list) and isinstance(kinds, list)):
        raise NotADonor("expected lists of tokens, merges and token types")
    normal, control = gguf.TokenType.NORMAL, {gguf.TokenType.CONTROL, gguf.TokenType.USER_DEFINED}
    words = {token: i for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True)) if kind == normal}
    specials = {token: i for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True)) if kind in control}
    merges = [(left, right) for left, right in (line.split(" ") for line in lines)]
    kept = selection(tokens) if pruned else None
    if kept is None:
        return tokens, merges, Tokenizer.build(words=words, merges=merges, specials=specials)
    words, specials = kept.words(words), kept.words(specials)
    return (
        tokens,
        merges,
        Tokenizer.build(words=words, merges=kept.merges(merges, words), specials=specials),
    )


def _tensors(
    reader: gguf.GGUFReader, config: Config, kept: Selection | None, progress: Callable[[str, float], None]
) -> dict[str, Tensor]:
    """Every tensor under our own names: int8 `x.weight` with `x.scale`, float32 norms and biases."""
    found = {tensor.name: tensor for tensor in reader.tensors}

    def dense(name: str) -> Tensor:
        tensor = found.get(name)
        if tensor is None:
            raise NotADonor(f"expected the tensor {name!r}, which this file lacks")
        return torch.from_numpy(gguf.dequantize(tensor.data, tensor.tensor_type).copy()).float()

    out: dict[str, Tensor] = {"norm": dense("output_norm.weight")}

    def keep(name: str, *parts: str) -> None:
        out[f"{name}.weight"], out[f"{name}.scale"] = quantise(torch.cat([dense(part) for part in parts]))

    # Input and output embedding are one tied matrix in this family; files that hold both keep the output one finer.
    keep("head", "output.weight" if "output.weight" in found else "token_embd.weight")
    if kept is not None:
        rows = torch.from_numpy(kept.rows)
        out["head.weight"], out["head.scale"] = out["head.weight"][rows].clone(), out["head.scale"][rows].clone()
    for i in range(config.layers):
        progress("convert", i / config.layers)
        block = f"blk.{i}."
        out[f"{i}.attention_norm"] = dense(block + "attn_norm.weight")
        out[f"{i}.ffn_norm"] = dense(block + "ffn_norm.weight")
        keep(f"{i}.qkv", *(f"{block}attn_{part}.weight" for part in "qkv"))
        out[f"{i}.qkv.bias"] = torch.cat([dense(f"{block}attn_{part}.bias") for part in "qkv"])
        keep(f"{i}.out", block + "attn_output.weight")
        keep(f"{i}.gate_up", block + "ffn_gate.weight", block + "ffn_up.weight")
        keep(f"{i}.down", block + "ffn_down.weight")
    progress("convert", 1.0)
    return out


def main() -> None:
    """Entry point of `python -m model.convert`."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m model.convert FILE.gguf FOLDER")
    try:
        convert(Path(sys.argv[1]), Path(sys.argv[2]), lambda step, part: print(step, part, flush=True))
    except NotADonor as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
