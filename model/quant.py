"""How weights are kept and multiplied on this kind of processor: the one place where kernels are chosen.

Weights are int8 with one scale per output row. Activations stay float32 outside this file.

Measured on two Zen 3 cores (AVX2, no bf16 or VNNI), torch 2.13, the 24 layers of the donor (358 M weights) in
milliseconds, best of 20 on a nearly idle machine:

| kernel                                     | 1 row | 64 rows |
|--------------------------------------------|-------|---------|
| float32 linear (MKL)                       |    64 |     400 |
| bfloat16 linear                            |    30 |    1600 |
| `_weight_int8pack_mm`, bf16 in             |    29 |     510 |
| `_weight_int4pack_mm_for_cpu`, groups of 32|    26 |     400 |
| fbgemm fp16 weights, fp32 in               |    31 |     279 |
| fbgemm int8 dynamic                        |    20 |     158 |

fbgemm int8 is the fastest, but it rounds activations to 7 bits with one scale for the whole tensor: 6 % error where
one channel stands out, as it does in this family. So: many rows (prefill) use fp16 weights (error 2e-4); one row
(decode) uses the int8 kernel twice in one call, on the rounded row and on what rounding lost (error 9e-4, while
bf16 has 3e-3), which costs no more than one row because the memory is the limit.
On the whole donor that is a mean KL of 0.002 nats a token against the published file in float32 (tests/model).
Single rows are numpy arrays: on 1 × 896 values a torch call costs several times its arithmetic, a numpy call less.
Where fbgemm is missing, everything falls back to float32 linear.
"""

import warnings
from typing import TypeAlias, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Row: TypeAlias = NDArray[np.float32]

# torch 2.13 announces that quantised tensors will go; it is pinned, and `Matrix` is their only user.
warnings.filterwarnings("ignore", message=".*quantized tensor creation functions", category=UserWarning)

FBGEMM = "fbgemm" in torch.backends.quantized.supported_engines
_HALF_LEVELS = 63  # fbgemm on AVX2 keeps activations in 0..127 so that pairs of products fit int16
_FINE = 2 * _HALF_LEVELS  # the lost part is at most half a level: this stretches it over all levels


def quantise(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Round a float matrix (N, K) to int8 (N, K) and float32 row scales (N,)."""
    scale = (weight.abs().amax(dim=1) / 127).clamp_min(1e-12)
    return (weight / scale[:, None]).round().clamp(-127, 127).to(torch.int8), scale.float()


class Matrix:
    """One weight matrix, ready to multiply: `matrix(x)` is x @ W.T + bias.

    Holds an int8 form for single rows and, unless `single_row`, an fp16 form for many.
    """

    def __init__(self, weight: Tensor, scale: Tensor, bias: Tensor | None = None, *, single_row: bool = False) -> None:
        """Pack int8 `weight` (N, K) with row `scale` (N,) and `bias` (N,)."""
        self._bias = bias
        if not FBGEMM:
            self._dense = weight.float() * scale[:, None]
            return
        torch.backends.quantized.engine = "fbgemm"
        ops = torch.ops.quantized
        zero = torch.zeros(len(scale), dtype=torch.long)
        per_row = torch._make_per_channel_quantized_tensor(weight, scale.double(), zero, 0)
        self._int8 = ops.linear_prepack(per_row, None)
        self._fp16 = None if single_row else ops.linear_prepack_fp16(weight.float() * scale[:, None], bias)
        # Rows: rounded, lost, and a rail that pins fbgemm's range to [-63, 64], i.e. its step to exactly 1.
        self._rows = torch.zeros(3, weight.shape[1])
        self._rows[2, 0], self._rows[2, 1] = _HALF_LEVELS + 1, -_HALF_LEVELS

    def __call__(self, x: Tensor) -> Tensor:
        """Multiply float32 rows (T, K) → (T, N)."""
        if not FBGEMM:
            return torch.nn.functional.linear(x, self._dense, self._bias)
        if self._fp16 is None:
            return torch.from_numpy(self.rows(x.numpy()))
        out: Tensor = torch.ops.quantized.linear_dynamic_fp16(x, self._fp16)
        return out

    def rows(self, x: Row) -> Row:
        """Multiply a few float32 rows (B, K) → (B, N), each exactly as it would be alone; the weights are read once.

        What is rounded off goes through the same call as a second row.
        """
        if not FBGEMM:
            return np.stack([self(torch.from_numpy(each)[None])[0].numpy() for each in x])
        if len(x) == 1:
            return self._fine(x, self._rows)
        rows = torch.empty(2 * len(x) + 1, x.shape[1])
        rows[-1] = self._rows[-1]
        return self._fine(x, rows)

    def _fine(self, x: Row, rows: Tensor) -> Row:
        """(B, K) → (B, N) by way of `rows` (2 B + 1, K), whose last one is the rail."""
        levels, count = rows.numpy(), len(x)
        rounded, lost = levels[:count], levels[count : 2 * count]
        peak = np.maximum(np.maximum(x.max(1), -x.min(1)), 1e-12).astype(np.float64)[:, None]
        np.multiply(x, (_HALF_LEVELS / peak).astype(np.float32), out=lost)
        np.rint(lost, out=rounded)
        np.subtract(lost, rounded, out=lost)
        np.multiply(lost, _FINE, out=lost)
        made = torch.ops.quantized.linear_dynamic(rows, self._int8, True).numpy()
        fine = made[count : 2 * count]
        fine *= 1 / _FINE
        fine += made[:count]
        fine *= (peak / _HALF_LEVELS).astype(np.float32)
        if self._bias is not None:
            fine += self._bias.numpy()
        return cast(Row, fine)
