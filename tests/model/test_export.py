"""The exported folder, loaded by transformers in a process of its own, says what our engine says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import torch

from model.cache import KeysValues
from model.delta import Delta
from model.export.hf import export
from model.tokenizer import Tokenizer
from model.transformer import Transformer
from tests.model.tiny import save_tiny, tiny_delta

READ = """
import json, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
ids, text = json.loads(sys.argv[1]), sys.argv[2]
for folder in sys.argv[3:]:
    model = AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=True, dtype=torch.float32).eval()
    with torch.inference_mode():
        logits = model(torch.tensor([ids])).logits[0]
        more = model.generate(torch.tensor([ids]), max_new_tokens=4, do_sample=False, use_cache=False)
    words = AutoTokenizer.from_pretrained(folder, trust_remote_code=True)(text)["input_ids"]
    print(json.dumps({"logits": logits.tolist(), "more": more[0].tolist(), "words": words}))
"""
WAYS: tuple[Delta | None, ...] = (None, tiny_delta(window=16, p=0.6), tiny_delta(p=0.95))


def test_its_logits_are_ours_dense_with_a_window_and_at_two_p(tmp_path: Path, tokenizer: Tokenizer) -> None:
    (tmp_path / "donor").mkdir()
    save_tiny(tmp_path / "donor")
    folders = [tmp_path / str(place) for place in range(len(WAYS))]
    for folder, learned in zip(folders, WAYS, strict=True):
        export(tmp_path / "donor", folder, learned, kind=torch.float32)
    ids, text = list(range(40, 110)), "中国 12元 <|im_end|>"
    ran = subprocess.run(
        [sys.executable, "-c", READ, json.dumps(ids), text, *map(str, folders)],
        capture_output=True,
        text=True,
        env=os.environ | {"HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    for one, learned in zip(told, WAYS, strict=True):
        model = Transformer.load(tmp_path / "donor", context=256, delta=learned)
        out = model.through(ids, KeysValues(model.config, len(ids)))
        ours = model.scores(out)
        theirs = torch.tensor(one["logits"])
        assert (ours - theirs).abs().max() < 0.02 * float(ours.std())
        assert (ours.argmax(-1) == theirs.argmax(-1)).float().mean() > 0.98
        assert len(one["more"]) == len(ids) + 4
        known = tokenizer.encode("中国 12元 ")
        assert one["words"][: len(known)] == known
