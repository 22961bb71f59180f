"""The recogniser's side, run by its own interpreter: a folder of WAV files and a language → what was heard, as JSON."""

import json
import sys
from pathlib import Path

from faster_whisper import WhisperModel


def main() -> None:
    """`python hearing.py MODEL FOLDER LANG` prints {file name: text}."""
    model, folder, lang = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    recogniser = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=2)
    heard = {}
    for path in sorted(folder.glob("*.wav")):
        prompt = "以下是普通话的句子。" if lang == "zh" else None  # else it writes traditional characters at times
        segments, _ = recogniser.transcribe(
            str(path), language=lang, beam_size=5, initial_prompt=prompt, condition_on_previous_text=False
        )
        heard[path.stem] = "".join(segment.text for segment in segments)
    print(json.dumps(heard, ensure_ascii=False))


if __name__ == "__main__":
    main()
