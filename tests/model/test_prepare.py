"""From a published file to a folder of weights: whole or not at all, once."""

import json
from dataclasses import replace
from pathlib import Path

import gguf
import numpy as np
import pytest
import torch

from model import donor
from model.cache import KeysValues
from model.config import Config
from model.convert import convert
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from tests.model.tiny import tiny_config, tiny_tokenizer


def write_gguf(path: Path, *, architecture: str = "qwen2", without: str = "") -> None:
    """A small file of the family, in float32."""
    tokenizer = tiny_tokenizer()
    c = tiny_config(len(tokenizer.token_bytes))
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_block_count(c.layers)
    writer.add_context_length(c.context)
    writer.add_embedding_length(c.width)
    writer.add_feed_forward_length(c.ffn_width)
    writer.add_head_count(c.heads)
    writer.add_head_count_kv(c.kv_heads)
    writer.add_rope_freq_base(c.rope_base)
    writer.add_layer_norm_rms_eps(c.norm_eps)
    words = {token: word for word, token in {**tokenizer._bpe.get_vocab(), **tokenizer.specials}.items()}
    kinds = [3 if words[i] in tokenizer.specials else 1 for i in range(len(words))]
    writer.add_token_list([words[i] for i in range(len(words))])
    writer.add_token_types(kinds)
    merges = json.loads(tokenizer._bpe.to_str())["model"]["merges"]
    writer.add_token_merges([" ".join(pair) for pair in merges])
    random = np.random.default_rng(0)

    def add(name: str, *shape: int) -> None:
        if name != without:
            writer.add_tensor(name, random.normal(size=shape, scale=shape[-1] ** -0.5).astype(np.float32))

    add("token_embd.weight", c.vocabulary, c.width)
    add("output_norm.weight", c.width)
    for i in range(c.layers):
        add(f"blk.{i}.attn_norm.weight", c.width)
        add(f"blk.{i}.ffn_norm.weight", c.width)
        for part, size in (("q", c.q_width), ("k", c.kv_width), ("v", c.kv_width)):
            add(f"blk.{i}.attn_{part}.weight", size, c.width)
            add(f"blk.{i}.attn_{part}.bias", size)
        add(f"blk.{i}.attn_output.weight", c.width, c.q_width)
        add(f"blk.{i}.ffn_gate.weight", c.ffn_width, c.width)
        add(f"blk.{i}.ffn_up.weight", c.ffn_width, c.width)
        add(f"blk.{i}.ffn_down.weight", c.width, c.ffn_width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def test_a_file_is_converted_once_and_again_when_it_changes(tmp_path: Path) -> None:
    write_gguf(tmp_path / "m.gguf")
    heard: list[tuple[str, float]] = []
    folder = donor.prepare(tmp_path / "m.gguf", tmp_path / "cache", lambda step, part: heard.append((step, part)))
    assert ("verify", 1.0) in heard
    assert heard[-1] == ("convert", 1.0)
    config = Config.load(folder / donor.CONFIG)
    tokenizer = Tokenizer.load(folder / donor.TOKENIZER)
    assert replace(config, norm_eps=1e-6) == tiny_config(len(tokenizer.token_bytes))
    assert config.norm_eps == pytest.approx(1e-6)
    assert tokenizer.encode("中国 12元") == tiny_tokenizer().encode("中国 12元")
    logits = Transformer.load(folder, context=64).read([1, 2, 3], KeysValues(config, 8))
    assert torch.isfinite(logits).all()

    heard.clear()
    assert donor.prepare(tmp_path / "m.gguf", tmp_path / "cache", lambda *step: heard.append(step)) == folder
    assert {step for step, _ in heard} == {"verify"}
    with (tmp_path / "m.gguf").open("ab") as file:
        file.write(b"\0" * 32)
    assert donor.prepare(tmp_path / "m.gguf", tmp_path / "cache", lambda *_: None) != folder


@pytest.mark.parametrize(
    ("change", "why"),
    [({"architecture": "llama"}, "'llama'"), ({"without": "blk.1.attn_k.bias"}, "blk.1.attn_k.bias")],
)
def test_another_kind_of_model_is_refused(tmp_path: Path, change: dict[str, str], why: str) -> None:
    write_gguf(tmp_path / "m.gguf", **change)
    with pytest.raises(donor.NotADonor, match=why):
        convert(tmp_path / "m.gguf", tmp_path, lambda *_: None)


def test_what_is_no_gguf_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"<html>not found</html>" * 10)
    with pytest.raises(donor.NotADonor, match="expected a GGUF file"):
        donor.prepare(tmp_path / "m.gguf", tmp_path / "cache", lambda *_: None)
    assert list((tmp_path / "cache").iterdir()) == []
