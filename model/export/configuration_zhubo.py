"""Sizes of a Zhubo model, as transformers keeps them; travels with the exported weights and needs nothing of ours."""

from typing import Any

from transformers import PretrainedConfig


class ZhuboConfig(PretrainedConfig):  # type: ignore[misc,no-untyped-call,no-any-unimported,unused-ignore]
    """A Qwen2 decoder whose layers from `first` on have routed experts beside their feed-forward."""

    model_type = "zhubo"

    def __init__(self, **sizes: Any) -> None:
        """Names as in `model.config.Config` and `model.moe.Routing`; defaults only so that an empty one can be made."""
        defaults: dict[str, float] = {
            "layers": 2,
            "width": 64,
            "heads": 4,
            "kv_heads": 2,
            "head_width": 16,
            "ffn_width": 128,
        }
        defaults |= {"vocab_size": 256, "rope_base": 1e6, "norm_eps": 1e-6, "context": 4096, "window": 0}
        defaults |= {"full_every": 4, "sinks": 4, "first": 2, "experts": 0, "hidden": 0, "p": 1.0, "most": 1}
        for name, value in defaults.items():
            setattr(self, name, sizes.pop(name, value))
        sizes.setdefault("tie_word_embeddings", False)
        super().__init__(**sizes)
