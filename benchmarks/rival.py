"""llama.cpp's side of the benchmark, run by the rival's own interpreter; knows nothing of our packages but the plan.

`python rival.py PLAN.json` prints one JSON object. The low-level calls are used, so that no Python of the binding
stands between llama.cpp and its figures.
"""

import ctypes
import json
import resource
import statistics
import sys
import time
from pathlib import Path

import llama_cpp as llama
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.plan import text_of


@llama.llama_log_callback
def _silent(_level, _text, _data):
    """llama.cpp tells how it was built and loaded; the table has no room for it."""


class Rival:
    """A model with one context for several sequences."""

    def __init__(self, path, threads, context, sequences):
        llama.llama_log_set(_silent, ctypes.c_void_p(0))
        llama.llama_backend_init()
        model = llama.llama_model_default_params()
        self.model = llama.llama_model_load_from_file(str(path).encode(), model)
        wanted = llama.llama_context_default_params()
        wanted.n_ctx, wanted.n_batch, wanted.n_seq_max = context, 2048, sequences
        wanted.n_threads = wanted.n_threads_batch = threads
        if hasattr(wanted, "kv_unified"):
            wanted.kv_unified = True  # one memory for all sequences, as ours
        self.context = llama.llama_init_from_model(self.model, wanted)
        if not self.model or not self.context:
            raise OSError(f"llama.cpp could not load {path}")
        self.memory = llama.llama_get_memory(self.context)
        self.vocabulary = llama.llama_vocab_n_tokens(llama.llama_model_get_vocab(self.model))
        self.batch = llama.llama_batch_init(2048, 0, 1)

    def tokens(self, text):
        raw = text.encode()
        room = (llama.llama_token * len(raw))()
        vocabulary = llama.llama_model_get_vocab(self.model)
        count = llama.llama_tokenize(vocabulary, raw, len(raw), room, len(raw), False, False)
        return list(room[:count])

    def forget(self):
        llama.llama_memory_clear(self.memory, True)

    def read(self, rows):
        """`rows` are (token, place, sequence, wanted); returns the greedy next token of each wanted row."""
        for start in range(0, len(rows), 2048):
            piece = rows[start : start + 2048]
            self.batch.n_tokens = len(piece)
            for row, (token, place, sequence, wanted) in enumerate(piece):
                self.batch.token[row], self.batch.pos[row] = token, place
                self.batch.n_seq_id[row], self.batch.seq_id[row][0] = 1, sequence
                self.batch.logits[row] = wanted
            if llama.llama_decode(self.context, self.batch):
                raise OSError("llama_decode failed")
        out = []
        for row, (_, _, _, wanted) in enumerate(piece):
            if wanted:
                logits = llama.llama_get_logits_ith(self.context, row)
                scores = np.ctypeslib.as_array(ctypes.cast(logits, ctypes.POINTER(ctypes.c_float)), (self.vocabulary,))
                out.append(int(scores.argmax()))
        return out

    def prompt(self, ids, sequence=0, start=0):
        last = len(ids) - 1
        return self.read([(token, start + n, sequence, n == last) for n, token in enumerate(ids)])[0]


def measured(job):
    """Every figure of one plan."""
    plan = job["plan"]
    longest, most = max(plan["lengths"]), max(plan["batches"])
    room = max(longest + 64, most * (min(plan["lengths"]) + plan["decoded"] + 64))
    began = time.perf_counter()
    rival = Rival(job["gguf"], plan["threads"], -(-room // 256) * 256, most)
    loaded = time.perf_counter() - began
    ids = rival.tokens(text_of(2 * longest + 400))
    rival.prompt(ids[:32])

    def cold(length):
        rival.forget()
        began = time.perf_counter()
        rival.prompt(ids[:length])
        return time.perf_counter() - began

    def cached(length, fresh):
        rival.forget()
        rival.prompt(ids[: length - fresh])
        began = time.perf_counter()
        rival.prompt(ids[length - fresh : length], start=length - fresh)
        return time.perf_counter() - began

    def decode(batch):
        rival.forget()
        size = min(plan["lengths"])
        last = [rival.prompt(ids[n : n + size], sequence=n) for n in range(batch)]
        began = time.perf_counter()
        for step in range(plan["decoded"]):
            last = rival.read([(token, size + step, n, True) for n, token in enumerate(last)])
        return batch * plan["decoded"] / (time.perf_counter() - began)

    def median(measure):
        return round(statistics.median(measure() for _ in range(plan["repeats"])), 4)

    return {
        "first_token_cold_s": {str(n): median(lambda n=n: cold(n)) for n in plan["lengths"]},
        "first_token_cached_s": {
            f"{n} of which {new} new": median(lambda n=n, new=new: cached(n, new))
            for n in plan["lengths"]
            for new in plan["fresh"]
        },
        "decode_tokens_per_s": {str(n): median(lambda n=n: decode(n)) for n in plan["batches"]},
        "load_seconds": round(loaded, 2),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    print(json.dumps(measured(json.loads(Path(sys.argv[1]).read_text("utf-8")))))
