"""Text ↔ token ids: the byte-level BPE of the Qwen2 family, and its chat layout.

Control tokens such as `<|im_end|>` are never produced from text: whoever writes them into a comment gets their
letters encoded, not their power. Only `chat` inserts them.
"""

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import tokenizers
from tokenizers import models, pre_tokenizers

START, END, TEXT_END = "<|im_start|>", "<|im_end|>", "<|endoftext|>"
_ROLES = ("system", "user", "assistant")
# Applied when a conversation brings no system message, as the publisher's chat template does.
_DEFAULT_SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
# The family's own splitting rule (from the tokenizer.json published with Qwen2).
_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class Message(Protocol):
    """What a turn of a conversation has, whoever made it."""

    @property
    def role(self) -> str: ...
    @property
    def content(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation."""

    role: str
    content: str


def byte_letters() -> dict[str, int]:
    """The letter that byte-level BPE writes for each byte (GPT-2's table), reversed."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(b): b for b in shown} | {chr(256 + i): b for i, b in enumerate(hidden)}


class Tokenizer:
    """Encodes text, lays out chats and knows the bytes of every token."""

    def __init__(self, bpe: tokenizers.Tokenizer, specials: Mapping[str, int]) -> None:
        """Use an encoder and the ids of the control tokens."""
        self._bpe = bpe
        self.specials = dict(specials)
        words = bpe.get_vocab()
        size = max([*words.values(), *self.specials.values()]) + 1
        letters = byte_letters()
        table = [b""] * size
        for word, token in words.items():
            table[token] = bytes(letters[letter] for letter in word)
        self.token_bytes: Sequence[bytes] = table
        """Bytes of each id; empty for control tokens and unused ids."""
        self._newline = self.encode("\n")
        # A mark that closes a turn or a text ends a generation.
        self.ends = frozenset(self.specials[name] for name in (END, TEXT_END) if name in self.specials)

    @classmethod
    def build(
        cls, *, words: Mapping[str, int], merges: Iterable[tuple[str, str]], specials: Mapping[str, int]
    ) -> "Tokenizer":
        """Make one from byte-level words, their merges in order, and control tokens."""
        bpe = tokenizers.Tokenizer(models.BPE(vocab=dict(words), merges=list(merges)))
        bpe.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(tokenizers.Regex(_SPLIT), behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        return cls(bpe, specials)

    def save(self, path: Path) -> None:
        """Write as one JSON file."""
        both = {"specials": self.specials, "bpe": json.loads(self._bpe.to_str())}
        path.write_text(json.dumps(both, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Tokenizer":
        """Read what `save` wrote."""
        both = json.loads(path.read_text(encoding="utf-8"))
        return cls(tokenizers.Tokenizer.from_str(json.dumps(both["bpe"])), both["specials"])

    def encode(self, text: str) -> list[int]:
        """Ids of plain text; control tokens are spelled out, never inserted."""
        ids: list[int] = self._bpe.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, ids: Iterable[int]) -> str:
        """Text of ids; bytes that are not UTF-8 become U+FFFD, control tokens nothing."""
        return b"".join(self.token_bytes[token] for token in ids).decode("utf-8", errors="replace")

    def chat(self, messages: Sequence[Message], *, reply: bool) -> list[int]:
        """Ids of a conversation in the family's layout; with `reply`, up to where the assistant begins to speak.

        The ids of the first n messages are a prefix of the ids of all, which is what makes prefixes reusable.
        Raises ValueError for an unknown role or no messages.
        """
        if not messages:
            raise ValueError("expected at least one message, found none")
        ids: list[int] = []
        if messages[0].role != "system":
            ids += self._turn("system", _DEFAULT_SYSTEM)
        for message in messages:
            if message.role not in _ROLES:
                raise ValueError(f"expected a role of {_ROLES}, found {message.role!r}")
            ids += self._turn(message.role, message.content)
        if reply:
            ids += [self.specials[START], *self.encode("assistant\n")]
        return ids

    def _turn(self, role: str, content: str) -> list[int]:
        return [self.specials[START], *self.encode(f"{role}\n{content}"), self.specials[END], *self._newline]


class TextStream:
    """Turns token ids into pieces of valid UTF-8, holding back half characters and possible stop strings."""

    def __init__(self, tokenizer: Tokenizer, stop: Sequence[str] = ()) -> None:
        """Stop before that one of `stop` which is complete first."""
        self._table = tokenizer.token_bytes
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stop = [word for word in stop if word]
        self._held = ""
        self.stopped = False

    def feed(self, ids: Iterable[int]) -> str:
        """Text that is now certain; empty once stopped."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(b"".join(self._table[token] for token in ids))
        found = [(place + len(word), place) for word in self._stop if (place := self._held.find(word)) >= 0]
        if found:
            self.stopped = True
            return self._release(min(found)[1])
        return self._release(len(self._held) - self._half_stop())

    def finish(self) -> str:
        """The rest, once no more tokens come."""
        if self.stopped:
            return ""
        self._held += self._decoder.decode(b"", final=True)
        return self._release(len(self._held))

    def _half_stop(self) -> int:
        """Length of the longest tail that could still become a stop string."""
        return max(
            (n for word in self._stop for n in range(1, len(word)) if self._held.endswith(word[:n])),
            default=0,
        )

    def _release(self, length: int) -> str:
        text, self._held = self._held[:length], self._held[length:]
        return text
