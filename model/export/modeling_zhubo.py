"""The model in plain PyTorch for transformers; travels with the exported weights and needs nothing of ours.

Loaded by `AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True)`. Every forward reads the whole text:
keeping keys and values is left to whoever serves it. All experts are computed and those that dynamic Top-P left out
weigh nothing, so `most` slots a token are a bound, not a count. Shapes: B texts, T tokens, D width, N experts.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import GenerationMixin, PreTrainedModel
from transformers.modeling_outputs import CausalLMOutputWithPast

from .configuration_zhubo import ZhuboConfig


class Experts(nn.Module):
    """Fine-grained experts and the router that takes the smallest set whose probabilities sum to `p`."""

    def __init__(self, config: ZhuboConfig) -> None:
        """Empty weights."""
        super().__init__()
        self.p, self.most = config.p, config.most
        self.router = nn.Parameter(torch.empty(config.experts + 1, config.width))  # the last row is the null expert's
        self.gate_up = nn.Parameter(torch.empty(config.experts, 2 * config.hidden, config.width))
        self.down = nn.Parameter(torch.empty(config.experts, config.width, config.hidden))

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D)."""
        chances = functional.linear(x, self.router).softmax(-1)
        ordered, order = chances.sort(dim=-1, descending=True, stable=True)
        taken = (ordered.cumsum(-1) - ordered < self.p) & (ordered > 0)
        taken[..., self.most :] = False
        weights = chances * torch.zeros_like(taken).scatter(-1, order, taken)
        gate, up = torch.einsum("btd,nhd->btnh", x, self.gate_up).chunk(2, -1)
        inner = functional.silu(gate) * up * weights[..., :-1, None]
        return torch.einsum("btnh,ndh->btd", inner, self.down)


class Layer(nn.Module):
    """One decoder layer."""

    def __init__(self, config: ZhuboConfig, index: int) -> None:
        """Empty weights."""
        super().__init__()
        self.config = config
        q_width, kv_width = config.heads * config.head_width, config.kv_heads * config.head_width
        self.attention_norm = nn.RMSNorm(config.width, eps=config.norm_eps)
        self.qkv = nn.Linear(config.width, q_width + 2 * kv_width)
        self.out = nn.Linear(q_width, config.width, bias=False)
        self.ffn_norm = nn.RMSNorm(config.width, eps=config.norm_eps)
        self.gate_up = nn.Linear(config.width, 2 * config.ffn_width, bias=False)
        self.down = nn.Linear(config.ffn_width, config.width, bias=False)
        self.experts = Experts(config) if index >= config.first else None

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        """(B, T, D) → (B, T, D); `mask` (T, T) tells what each place sees."""
        c, (batch, count, _) = self.config, x.shape
        qkv = self.qkv(self.attention_norm(x)).view(batch, count, -1, c.head_width).transpose(1, 2)
        q, k, v = qkv.split([c.heads, c.kv_heads, c.kv_heads], 1)
        q, k = (part * cos + part.roll(c.head_width // 2, -1) * sin for part in (q, k))
        seen = functional.scaled_dot_product_attention(
            q, k.repeat_interleave(c.heads // c.kv_heads, 1), v.repeat_interleave(c.heads // c.kv_heads, 1), mask
        )
        x = x + self.out(seen.transpose(1, 2).reshape(batch, count, -1))
        normal = self.ffn_norm(x)
        gate, up = self.gate_up(normal).chunk(2, -1)
        x = x + self.down(functional.silu(gate) * up)
        return x if self.experts is None else x + self.experts(normal)


class ZhuboForCausalLM(PreTrainedModel, GenerationMixin):  # type: ignore[misc,no-untyped-call,no-any-unimported,unused-ignore]
    """Reads token ids, gives logits."""

    config_class = ZhuboConfig
    _no_split_modules = ["Layer"]  # the base class wants a list

    def __init__(self, config: ZhuboConfig) -> None:
        """Empty weights."""
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.blocks = nn.ModuleList(Layer(config, index) for index in range(config.layers))
        self.norm = nn.RMSNorm(config.width, eps=config.norm_eps)
        self.head = nn.Linear(config.width, config.vocab_size, bias=False)
        self.post_init()  # type: ignore[no-untyped-call,unused-ignore]

    def _init_weights(self, module: nn.Module) -> None:
        """Weights come from the file."""

    def get_input_embeddings(self) -> nn.Embedding:
        """The embedding."""
        return self.embedding

    def get_output_embeddings(self) -> nn.Linear:
        """The head."""
        return self.head

    def prepare_inputs_for_generation(self, input_ids: Tensor, **_: object) -> dict[str, Tensor]:
        """The whole text each time."""
        return {"input_ids": input_ids}

    def forward(self, input_ids: Tensor, labels: Tensor | None = None, **_: object) -> CausalLMOutputWithPast:
        """(B, T) ids of texts of equal length → logits (B, T, V)."""
        c, count = self.config, input_ids.shape[1]
        places = torch.arange(count, device=input_ids.device)
        half = c.head_width // 2
        frequency = c.rope_base ** (-torch.arange(half, dtype=torch.float64, device=places.device) / half)
        angle = places[:, None].double() * frequency
        cos, sin = angle.cos().float(), angle.sin().float()
        cos, sin = torch.cat([cos, cos], -1), torch.cat([-sin, sin], -1)
        causal = places <= places[:, None]
        near = causal & ((places > places[:, None] - c.window) | (places < c.sinks))
        x = self.embedding(input_ids)
        for index, block in enumerate(self.blocks):
            whole = not c.window or (index + 1) % c.full_every == 0
            x = block(x, cos.to(x.dtype), sin.to(x.dtype), causal if whole else near)
        logits = self.head(self.norm(x))
        loss = None
        if labels is not None:
            loss = functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        return CausalLMOutputWithPast(loss=loss, logits=logits)
