"""Rows that teach to speak from facts: answers to viewers, and the segments of a script. Loss on the response only."""

import json
from collections.abc import Mapping
from typing import Any

from model.tokenizer import END, Tokenizer, Turn
from model.train.rows import Row, Tail

_LENGTH = 240  # tokens of one tail at most; longer ones are left out


def facts_text(facts: Mapping[str, Any]) -> str:
    """The facts as the prompts show them: one `key: value` a line."""
    lines = [
        f"{name}: {facts[name]}" for name in ("title", "brand", "category", "price", "list_price") if facts.get(name)
    ]
    lines += [f"specs.{spec['name']}: {spec['value']}" for spec in facts["specs"]]
    for name in ("selling_points", "audience", "promotions", "service", "variants"):
        lines += [f"{name}.{place}: {value}" for place, value in enumerate(facts[name])]
    return "\n".join(lines)


def answer_row(record: Mapping[str, Any], tokenizer: Tokenizer) -> Row | None:
    """Facts once; each comment of the record with its history continues them."""
    zh = record["lang"] == "zh"
    head = [
        Turn("system", "你是直播间数字人主播，只按商品资料回答，没写的就说没写。" if zh else
              "You are an AI live host. Answer only from the facts; say so when they do not tell."),
        Turn("user", facts_text(record["facts"])),
        Turn("assistant", "好" if zh else "OK"),
    ]  # fmt: skip
    prefix = tokenizer.chat(head, reply=False)
    tails = []
    for item in record["qa"]:
        turns = [Turn("user" if t["role"] == "viewer" else "assistant", t["text"]) for t in item["history"]]
        whole = tokenizer.chat([*head, *turns, Turn("user", item["comment"])], reply=True)
        if (tail := _tail(tokenizer, whole[len(prefix) :], item["answer"])) is not None:
            tails.append(tail)
    return Row(id=record["id"], task="answer", prefix=prefix, tails=tails) if tails else None


def script_row(record: Mapping[str, Any], tokenizer: Tokenizer) -> Row | None:
    """Facts and persona once; each segment continues them on its own."""
    head = [
        Turn("system", "你是直播间数字人主播，只按商品资料写口播。" if record["lang"] == "zh" else
              "You are an AI live host. Write spoken lines only from the facts."),
        Turn("user", facts_text(record["facts"])),
        Turn("assistant", json.dumps(record.get("persona", ""), ensure_ascii=False)),
    ]  # fmt: skip
    prefix = tokenizer.chat(head, reply=False)
    tails = []
    for name, text in record["script"].items():
        whole = tokenizer.chat([*head, Turn("user", name)], reply=True)
        if (tail := _tail(tokenizer, whole[len(prefix) :], text)) is not None:
            tails.append(tail)
    return Row(id=record["id"], task="script", prefix=prefix, tails=tails) if tails else None


def _tail(tokenizer: Tokenizer, asked: list[int], said: str) -> Tail | None:
    end = tokenizer.specials[END]
    ids = [*asked, *tokenizer.encode(said)]
    if len(ids) > _LENGTH:
        return None
    following = [-1] * (len(asked) - 1) + ids[len(asked) :] + [end]
    return Tail(ids=ids, next=following)
