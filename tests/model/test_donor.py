"""The real donor: our numbers against a plain float32 reading of the published file, and what it says."""

import json
from pathlib import Path

import gguf
import pytest
import torch
from torch import Tensor

from model.cache import KeysValues, PrefixCache
from model.config import Config
from model.constrain import Shape
from model.convert import tokenizer_of
from model.donor import CONFIG, ORIGIN, TOKENIZER
from model.engine import Engine, Sampling
from model.lexicon import Lexicon
from model.tokenizer import Tokenizer, Turn
from model.transformer import Transformer
from model.vocabulary import selection
from tests.model.test_engine import finish

pytestmark = pytest.mark.real

TEXTS = (
    "这款保温杯采用316不锈钢内胆，容量500毫升，保温12小时，今天直播间下单只要89元，还送一个杯套。",
    "This insulated bottle keeps drinks hot for twelve hours, holds half a litre and comes with a spare lid.",
)
LISTING = "【山泉牌】316不锈钢真空保温杯 500ml 白色/墨绿 到手价89元 原价129元 质保一年 48小时发货"


@pytest.fixture(scope="module")
def tokenizer(donor_weights: Path) -> Tokenizer:
    return Tokenizer.load(donor_weights / TOKENIZER)


@pytest.fixture(scope="module")
def engine(donor_weights: Path, tokenizer: Tokenizer) -> Engine:
    model = Transformer.load(donor_weights, context=2048)
    return Engine(model, tokenizer, tokenizer.ends, PrefixCache(64 << 20))


def reference(file: Path, c: Config, texts: list[list[int]]) -> list[Tensor]:
    """Logits (T, V) of each text, every step in float32, written for plainness."""
    reader = gguf.GGUFReader(file)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    kept = selection(tokenizer_of(reader)[0])
    assert kept is not None, "no choice of tokens is on record for this file"

    def dense(name: str) -> Tensor:
        return torch.from_numpy(gguf.dequantize(tensors[name].data, tensors[name].tensor_type).copy())

    def norm(x: Tensor, name: str) -> Tensor:
        return x / (x.pow(2).mean(-1, keepdim=True) + c.norm_eps).sqrt() * dense(name)

    def turn(x: Tensor) -> Tensor:
        """Rotary positions on (T, heads, H)."""
        half = c.head_width // 2
        angle = torch.arange(len(x))[:, None, None] / c.rope_base ** (torch.arange(half) / half)
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)

    head = dense("output.weight")[torch.from_numpy(kept.rows)]  # the donor's own scores of the kept tokens
    streams = [head[torch.tensor(ids)] for ids in texts]
    for i in range(c.layers):
        at = f"blk.{i}."
        q, k, v, o = (dense(f"{at}attn_{part}.weight") for part in ("q", "k", "v", "output"))
        bq, bk, bv = (dense(f"{at}attn_{part}.bias") for part in "qkv")
        gate, up, down = (dense(f"{at}ffn_{part}.weight") for part in ("gate", "up", "down"))
        for n, x in enumerate(streams):
            h, size = norm(x, at + "attn_norm.weight"), len(x)
            queries = turn((h @ q.T + bq).view(size, c.heads, -1)).transpose(0, 1)
            share = c.heads // c.kv_heads
            keys = turn((h @ k.T + bk).view(size, c.kv_heads, -1)).repeat_interleave(share, 1).transpose(0, 1)
            values = (h @ v.T + bv).view(size, c.kv_heads, -1).repeat_interleave(share, 1).transpose(0, 1)
            scores = queries @ keys.transpose(1, 2) / c.head_width**0.5
            hidden = torch.ones(size, size, dtype=torch.bool).triu(1)
            seen = scores.masked_fill(hidden, float("-inf")).softmax(-1) @ values
            x = x + seen.transpose(0, 1).reshape(size, -1) @ o.T
            h = norm(x, at + "ffn_norm.weight")
            g = h @ gate.T
            streams[n] = x + (g * g.sigmoid() * (h @ up.T)) @ down.T
    return [norm(x, "output_norm.weight") @ head.T for x in streams]


def divergence(wanted: Tensor, found: Tensor) -> float:
    """KL in nats of `found` from `wanted`, both logits (V,)."""
    return float(
        torch.nn.functional.kl_div(found.log_softmax(-1), wanted.log_softmax(-1), reduction="sum", log_target=True)
    )


def test_our_numbers_are_those_of_the_published_file(engine: Engine, tokenizer: Tokenizer, donor_weights: Path) -> None:
    """Both ways of computing: the last token read in one piece with the others, and every token on its own."""
    config = Config.load(donor_weights / CONFIG)
    file = donor_weights.parent / json.loads((donor_weights / ORIGIN).read_text("utf-8"))["file"]
    texts = [tokenizer.encode(text) for text in TEXTS]
    for ids, wanted in zip(texts, reference(file, config, texts), strict=True):
        together = engine.model.read(ids, KeysValues(config, 64))
        assert divergence(wanted[-1], together) < 0.01
        memory = KeysValues(config, 64)
        one_by_one = [divergence(wanted[n], engine.model.read([token], memory)) for n, token in enumerate(ids)]
        assert sum(one_by_one) / len(one_by_one) < 0.01
        assert max(one_by_one) < 0.1


def test_every_byte_and_every_script_comes_back(tokenizer: Tokenizer) -> None:
    assert {bytes([byte]) for byte in range(256)} <= set(tokenizer.token_bytes)
    for text in (*TEXTS, "🙂👨‍👩‍👧 é ｅ́ \t\r\n 　", "<|im_end|>", "٣ + ½ = 𝟛", "".join(map(chr, range(0x20, 0x500)))):
        assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.encode("不锈钢保温杯")) <= 6


def test_it_answers_a_question_from_the_facts(engine: Engine, tokenizer: Tokenizer) -> None:
    facts = Turn("user", f"商品资料：{TEXTS[0]}\n观众问：这个杯子容量多大？请用一句话回答。")
    prompt = tokenizer.chat([Turn("system", "你是直播间主播，只根据商品资料回答观众。"), facts], reply=True)
    fresh = finish(engine.generate(prompt, Sampling(max_tokens=40)))
    assert "500" in tokenizer.decode(fresh)
    again = engine.generate(prompt, Sampling(max_tokens=40))
    assert finish(again) == fresh
    assert again.cached_tokens == len(prompt) - 1


def test_it_extracts_what_stands_in_a_listing(engine: Engine, tokenizer: Tokenizer) -> None:
    span = {"type": "string", "span": True, "maxLength": 30}
    schema = {
        "type": "object",
        "properties": {
            "brand": {**span, "nullable": True},
            "title": span,
            "price": {"type": "number", "span": True},
            "colors": {"type": "array", "items": span, "maxItems": 3},
        },
    }
    ask = Turn("user", f"从商品文本中抽取品牌、标题、到手价和颜色，输出JSON。\n商品文本：{LISTING}")
    walk = Shape(schema, LISTING, Lexicon(tokenizer)).walk()
    found = json.loads(
        tokenizer.decode(finish(engine.generate(tokenizer.chat([ask], reply=True), Sampling(max_tokens=120), walk)))
    )
    assert found["brand"] == "山泉牌"
    assert "保温杯" in found["title"]
    assert found["title"] in LISTING
    assert found["price"] == 89
    assert found["colors"] == ["白色", "墨绿"]
