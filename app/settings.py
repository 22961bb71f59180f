"""Every setting of the studio; each can be given as an environment variable `ZHUBO_<NAME>`."""

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def _home(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / default) / "zhubo"


def _says(description: str, **default: Any) -> Any:
    return Field(description=description, **default)


class Settings(BaseSettings):
    """The studio's settings. The descriptions here are what docs/settings.md prints."""

    model_config = SettingsConfigDict(env_prefix="ZHUBO_", extra="ignore")

    data_dir: Path = _says(
        "folder of the database, clips, uploads and logs",
        default_factory=lambda: _home("XDG_DATA_HOME", ".local/share"),
    )
    cache_dir: Path = _says(
        "folder of the model and voice files, fetched once and verified by hash",
        default_factory=lambda: _home("XDG_CACHE_HOME", ".cache"),
    )
    offline_dir: Path | None = _says(
        "a folder with the model, voice and package files, for machines without a network", default=None
    )
    donor_file: Path | None = _says(
        "a local donor GGUF, used instead of fetching it (its hash is checked)", default=None
    )
    database_url: str | None = _says("SQLAlchemy URL; empty = SQLite in data_dir", default=None)
    redis_url: str | None = _says(
        "redis://host:port/0; with it several studios on one PostgreSQL serve at once (docs/operations.md)",
        default=None,
        repr=False,
    )
    bind: str = _says("address to listen on", default="127.0.0.1")
    port: int = _says("port to listen on; the next free one is taken when it is in use", default=8000)
    lan: bool = _says("HTTPS on every address of this machine, with a certificate of its own", default=False)
    lan_url: str | None = _says("the address for phones in the local network; `--lan` sets it", default=None)
    public_url: str | None = _says("the address people use, when a proxy stands in front", default=None)
    demo: bool = _says("seed the sample shop on first start", default=True)
    host: str = _says("the digital human of new shows", default="lan")
    voice_zh: str = _says("voice of Chinese shows", default="zf_xiaoxiao")
    voice_en: str = _says("voice of English shows", default="af_heart")
    voice_order: Literal["embedded", "embedded,edge", "edge,embedded"] = _says(
        "who speaks, and who when that one fails: the embedded voice, or also the cloud voice (edge-tts, which is sent "
        "every sentence)",
        default="embedded",
    )
    edge_url: str | None = _says("a relay that speaks the cloud voice's protocol, instead of the service", default=None)
    engine: Literal["moe", "donor"] = _says(
        "the embedded model: with the trained experts, or the donor they stand on alone", default="moe"
    )
    model_url: str | None = _says(
        "base address (…/v1) of an OpenAI-compatible endpoint that words answers and scripts; the embedded model "
        "stands behind it",
        default=None,
    )
    model_key: str | None = _says("its API key", default=None, repr=False)
    model_name: str = _says("the model to ask for there", default="default")
    model_patience: float = _says("seconds of silence after which that endpoint counts as hung", default=15.0, gt=0)
    model_api_port: int = _says("port of `zhubo serve-model`", default=8100)
    model_api_key: str | None = _says(
        "API key of `zhubo serve-model`; it must be set to listen on other addresses than this machine's",
        default=None,
        repr=False,
    )
    threads: int = _says("threads for the model and for the voice, each", default=2)
    log_json: bool = _says("write logs as JSON lines", default=False)

    @property
    def sqlalchemy_url(self) -> str:
        """The database to use: the given URL or the embedded SQLite file."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'zhubo.db'}"

    @property
    def clips_dir(self) -> Path:
        """Where synthesised clips are kept."""
        return self.data_dir / "clips"

    @property
    def models_dir(self) -> Path:
        """Where language model files are kept."""
        return self.cache_dir / "models"

    @property
    def voice_dir(self) -> Path:
        """Where the embedded voice's files are kept."""
        return self.cache_dir / "voice"
