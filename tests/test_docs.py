"""What can be set, sent or recorded is documented."""

from pathlib import Path
from typing import get_args

from app.commands.cli import _parser
from app.events import KINDS
from app.live.wire import OverlayMessage
from app.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


def test_every_setting_is_documented() -> None:
    text = (DOCS / "settings.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`{name}`" not in text] == []


def test_every_event_and_message_is_documented() -> None:
    text = (DOCS / "protocol.md").read_text("utf-8")
    kinds = [*KINDS, *(message.model_fields["type"].default for message in get_args(OverlayMessage))]
    assert [kind for kind in kinds if f"`{kind}`" not in text] == []


def test_every_field_of_an_event_is_documented() -> None:
    text = (DOCS / "protocol.md").read_text("utf-8")
    missing = [f"{kind}.{name}" for kind, cls in KINDS.items() for name in cls.__dataclass_fields__ if name not in text]
    assert missing == []


def test_every_command_is_documented() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    commands = next(action.choices for action in _parser()._actions if isinstance(action.choices, dict))
    assert [name for name in commands if f"`{name}" not in text] == []
