"""An update backs up, fast-forwards and migrates, or says why not and changes nothing."""

import subprocess
from pathlib import Path

import pytest

from app.commands.occupied import occupied
from app.commands.update import update_command
from app.database import Database
from app.errors import Conflict, Unavailable
from app.settings import Settings

LAUNCHER = '#!/bin/sh\necho "$1 $(cat version)" >> "$(dirname "$0")/launched"\n'


def git(folder: Path, *words: str) -> None:
    names = ("-c", "user.name=t", "-c", "user.email=t@t")
    subprocess.run(["git", *names, *words], cwd=folder, check=True, capture_output=True)


def deliver(folder: Path, version: str) -> None:
    (folder / "version").write_text(version)
    git(folder, "add", "-A")
    git(folder, "commit", "-m", version)


@pytest.fixture
def studio(tmp_path: Path) -> Settings:
    """A published repository, a clone of it beside, and a data folder with a database."""
    published = tmp_path / "published"
    published.mkdir()
    git(published, "init", "-b", "main")
    (published / "zhubo").write_text(LAUNCHER)
    (published / "zhubo").chmod(0o755)
    (published / ".gitignore").write_text("launched\n")
    deliver(published, "one")
    git(tmp_path, "clone", str(published), "clone")
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    Database(settings.sqlalchemy_url).migrate_now()
    return settings


def backups(settings: Settings) -> list[Path]:
    return list(settings.data_dir.with_name("data-backups").glob("*.tar.gz"))


def test_an_update_backs_up_then_takes_the_new_version_and_migrates(studio: Settings, tmp_path: Path) -> None:
    deliver(tmp_path / "published", "two")
    assert update_command(studio, tmp_path / "clone") == 0
    assert (tmp_path / "clone/version").read_text() == "two"
    assert (tmp_path / "clone/launched").read_text() == "migrate two\n"
    assert len(backups(studio)) == 1


def test_the_newest_version_is_left_alone(studio: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert update_command(studio, tmp_path / "clone") == 0
    assert "newest version" in capsys.readouterr().err
    assert backups(studio) == []


def test_without_a_network_it_says_so_and_changes_nothing(studio: Settings, tmp_path: Path) -> None:
    (tmp_path / "published").rename(tmp_path / "away")
    with pytest.raises(Unavailable, match="offline"):
        update_command(studio, tmp_path / "clone")
    assert (tmp_path / "clone/version").read_text() == "one"
    assert backups(studio) == []


def test_changed_files_are_not_overwritten(studio: Settings, tmp_path: Path) -> None:
    deliver(tmp_path / "published", "two")
    (tmp_path / "clone/version").write_text("mine")
    with pytest.raises(Conflict, match="changed"):
        update_command(studio, tmp_path / "clone")
    assert (tmp_path / "clone/version").read_text() == "mine"


def test_a_branch_that_went_its_own_way_is_not_merged(studio: Settings, tmp_path: Path) -> None:
    deliver(tmp_path / "published", "two")
    deliver(tmp_path / "clone", "own")
    with pytest.raises(Conflict, match="own way"):
        update_command(studio, tmp_path / "clone")
    assert (tmp_path / "clone/version").read_text() == "own"


def test_a_running_studio_is_not_updated_under_its_feet(studio: Settings, tmp_path: Path) -> None:
    deliver(tmp_path / "published", "two")
    with occupied(studio.data_dir), pytest.raises(Conflict, match="running"):
        update_command(studio, tmp_path / "clone")
    assert (tmp_path / "clone/version").read_text() == "one"


def test_a_failing_set_up_tells_the_way_back(studio: Settings, tmp_path: Path) -> None:
    (tmp_path / "published/zhubo").write_text("#!/bin/sh\nexit 3\n")
    deliver(tmp_path / "published", "two")
    with pytest.raises(Unavailable, match="git reset"):
        update_command(studio, tmp_path / "clone")
    assert len(backups(studio)) == 1
