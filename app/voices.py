"""Who speaks for the studio: the embedded voice and the cloud voice, in the order of the settings."""

from pathlib import Path

import structlog

from app.live.voicing import UrgentVoice
from app.metrics import VOICE_CLAUSES
from app.settings import Settings
from app.supply import voice_files_dir
from avatar.client import EmbeddedVoice
from avatar.clips import ClipCache
from avatar.edge import EdgeVoice, serve_at
from avatar.fallback import FallbackVoice, Provider
from avatar.kokoro import MODEL_SHA256

log = structlog.get_logger()

CLOUD_WITHIN = 4.0  # seconds to a clause's sound; the service takes about one, fillers cover 3 s of waiting
CLOUD_STEP = 2.5  # seconds between two messages of the service
OWN_WITHIN = 20.0  # seconds; a look-ahead clause waits behind urgent ones, twice its own time on a loaded machine
LAST_WITHIN = 60.0  # seconds the last in the row may take: nobody comes after it


def studio_voice(settings: Settings, embedded: EmbeddedVoice) -> UrgentVoice:
    """The voice of all rooms. The cloud voice is only made when the settings name it."""
    order = settings.voice_order.split(",")
    if order == ["embedded"]:
        return embedded
    if settings.edge_url:
        serve_at(settings.edge_url)
    cloud = EdgeVoice(voice_files_dir(settings), step=CLOUD_STEP)
    own = OWN_WITHIN if order[0] == "embedded" else LAST_WITHIN
    providers = {
        "embedded": Provider(name="embedded", engine=embedded, first=own, step=own),
        "edge": Provider(name="edge", engine=cloud, first=CLOUD_WITHIN, step=CLOUD_WITHIN),
    }
    return FallbackVoice([providers[name] for name in order], told=_told)


def clip_cache(settings: Settings, directory: Path) -> ClipCache:
    """Clips in `directory`; another voice in front is another voice to the ear, so its clips are others."""
    front = settings.voice_order.split(",")[0]
    model = MODEL_SHA256[:12]
    return ClipCache(directory, model=model if front == "embedded" else f"{front}:{model}")


def _told(provider: str, outcome: str, why: str) -> None:
    VOICE_CLAUSES.labels(provider, outcome).inc()
    if outcome == "failed":
        log.warning("voice.failed", provider=provider, problem=why[:200])
