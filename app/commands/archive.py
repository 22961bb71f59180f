"""A backup file: a gzipped tar whose first member, `manifest.json`, names every other with its size and SHA-256."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any

from app.errors import BadInput

MANIFEST = "manifest.json"
FORMAT = 1
BLOCK = 1 << 20


def write_archive(into: Path, facts: dict[str, Any], members: Iterable[tuple[str, Path]]) -> int:
    """Write the members under their names, the file appearing whole or not at all; its size in bytes.

    Small members are read once; large ones (the database's copy, uploads) never change. It holds keys: mode 0600.
    """
    listed = [(name, path.read_bytes() if path.stat().st_size < BLOCK else path) for name, path in members]
    files = {name: {"bytes": _size(what), "sha256": _digest(what)} for name, what in listed}
    manifest = json.dumps({"format": FORMAT, **facts, "files": files}, ensure_ascii=False, indent=1).encode()
    fresh = into.with_name(f".{into.name}.part")
    try:
        fresh.touch(mode=0o600)
        with tarfile.open(fresh, "w:gz", compresslevel=6) as tar:
            _add(tar, MANIFEST, manifest)
            for name, what in listed:
                _add(tar, name, what)
        fresh.replace(into)
    finally:
        fresh.unlink(missing_ok=True)
    return into.stat().st_size


def read_archive(path: Path, into: Path) -> dict[str, Any]:
    """Unpack into an empty folder, checking every byte; the manifest. Raises BadInput, after which `into` is rubbish.

    Nothing is written outside `into`: names come from the manifest, and links and devices are refused.
    """
    try:
        with tarfile.open(path, "r:gz") as tar:
            manifest = _manifest(tar)
            wanted = dict(manifest["files"])
            for member in tar:
                if member.name == MANIFEST:
                    continue
                listed = wanted.pop(member.name, None)
                source = tar.extractfile(member) if member.isreg() else None
                if listed is None or source is None or not _inside(member.name):
                    raise BadInput("backup", "only the files that its manifest names", member.name)
                _unpack(source, into / member.name, member.name, listed)
    except (tarfile.TarError, EOFError, OSError, KeyError, TypeError, ValueError) as problem:
        raise BadInput("backup", "a backup file of this studio, whole", f"{path}: {problem}") from problem
    if wanted:
        raise BadInput("backup", "every file that its manifest names", f"{len(wanted)} missing, e.g. {min(wanted)}")
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    source = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if source is None:
        raise BadInput("backup", "a backup file of this studio", "a tar without its manifest")
    manifest: dict[str, Any] = json.loads(source.read())
    if manifest["format"] != FORMAT:
        raise BadInput("backup", f"format {FORMAT}", manifest["format"])
    return manifest


def _unpack(source: IO[bytes], target: Path, name: str, listed: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as out:
        while block := source.read(BLOCK):
            digest.update(block)
            size += len(block)
            if size > listed["bytes"]:
                break
            out.write(block)
    if (size, digest.hexdigest()) != (listed["bytes"], listed["sha256"]):
        raise BadInput("backup", "the bytes that its manifest names", f"others in {name}")


def _inside(name: str) -> bool:
    parts = PurePosixPath(name)
    return not parts.is_absolute() and ".." not in parts.parts and "\\" not in name


def _add(tar: tarfile.TarFile, name: str, what: bytes | Path) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = _size(what), 0o600
    with io.BytesIO(what) if isinstance(what, bytes) else what.open("rb") as source:
        tar.addfile(entry, source)


def _size(what: bytes | Path) -> int:
    return len(what) if isinstance(what, bytes) else what.stat().st_size


def _digest(what: bytes | Path) -> str:
    with io.BytesIO(what) if isinstance(what, bytes) else what.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
