"""The command line: what can be asked, and which function answers. docs/cli.md prints the same."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from app import supply
from app.commands.backup import backup_command, migrate_command, restore_command
from app.commands.bench import bench_model_command, bench_speech_command
from app.commands.doctor import doctor_command
from app.commands.evaluate import SUITES, evaluate_command, hostile_command
from app.commands.film import film_command, push_command
from app.commands.imports import import_command
from app.commands.rehearse import rehearse_command
from app.commands.run import prepare, run_command
from app.commands.serve_model import serve_model_command
from app.commands.show_script import show_script_command
from app.commands.tests import test_command
from app.commands.update import update_command
from app.commands.voice import say_command, spoken_command
from app.commands.words import answer_command, extract_command, lawful_command, script_command
from app.engines import engines
from app.errors import BadInput, ZhuboError
from app.settings import Settings


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit code. Errors of ours are one line on standard error."""
    if argv[:1] == ["test"]:  # everything after `test` belongs to pytest
        return test_command(Settings(), argv[1:])
    arguments = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    try:
        answer: int = arguments.answer(arguments, _settings(arguments))
    except ZhuboError as problem:
        print(f"zhubo: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return answer


def _settings(arguments: argparse.Namespace) -> Settings:
    given = {"data_dir": getattr(arguments, "data", None), "port": getattr(arguments, "port", None)}
    if getattr(arguments, "offline", None):
        given["offline_dir"] = arguments.offline
    if getattr(arguments, "no_demo", False):
        given["demo"] = False
    if getattr(arguments, "lan", False):
        given["lan"] = True
    return Settings(**{name: value for name, value in given.items() if value is not None})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhubo", description="Zhubo 主播: an open digital-human live-commerce studio")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(name: str, told: str, answer: Callable[[argparse.Namespace, Settings], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=told, description=told)
        sub.set_defaults(answer=answer)
        return sub

    run = command("run", "set up everything and open the studio", _run)
    run.add_argument("--port", type=int)
    run.add_argument("--data", type=Path, metavar="DIR", help="data folder")
    run.add_argument("--no-demo", action="store_true", help="do not seed the sample shop")
    run.add_argument("--lan", action="store_true", help="HTTPS for phones in the local network, with a QR code to scan")
    run.add_argument("--offline", type=Path, metavar="DIR", help="take every file from this folder")
    run.add_argument("--no-browser", action="store_true", help="do not open a browser window")

    doctor = command("doctor", "what is missing, and the line that mends it", _doctor)
    doctor.add_argument("--json", action="store_true")

    backup = command("backup", "the whole shop in one file, also while the studio runs", _backup)
    backup.add_argument("file", nargs="?", type=Path, metavar="FILE")
    backup.add_argument("--data", type=Path, metavar="DIR", help="data folder")

    restore = command("restore", "put a backup in place, after checking every byte of it", _restore)
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help="move what is there aside")
    restore.add_argument("--data", type=Path, metavar="DIR", help="data folder")

    migrate = command("migrate", "bring the database to the newest schema", _migrate)
    migrate.add_argument("--data", type=Path, metavar="DIR", help="data folder")

    update = command("update", "back up, take the newest version, set it up, migrate", _update)
    update.add_argument("--data", type=Path, metavar="DIR", help="data folder")

    commands.add_parser("test", help="run every test (arguments go to pytest)", add_help=False)

    for name, told, answer in (
        ("extract", "listing → facts with evidence", _extract),
        ("script", "facts → spoken script with its claims", _script),
        ("answer", "comment + facts → spoken answer", _answer),
        ("lawful", "may a sentence be said under the advertising law?", _lawful),
        ("spoken", "written → spoken text", _spoken),
    ):
        sub = command(name, told, answer)
        if name in ("extract", "spoken", "lawful"):
            sub.add_argument("text", nargs="?", metavar="TEXT")
        sub.add_argument("--jsonl", type=Path, metavar="IN", help="one JSON object a line")
        sub.add_argument("--out", type=Path, help="where to write (default: standard output)")
        sub.add_argument("--json", action="store_true", help="JSON instead of text")
        if name in ("extract", "script", "answer"):
            sub.add_argument("--no-model", action="store_true", help="rules only; for comparison")
        if name == "script":
            sub.add_argument("--shop", metavar="S", help="a whole show of this shop's products instead")
            sub.add_argument("--minutes", type=int, metavar="N", help="length of the whole show (default 20)")

    sheet = command("import", "a sheet of products onto a shop's shelf", _import)
    sheet.add_argument("file", type=Path, metavar="FILE")
    sheet.add_argument("--shop", default="sample", metavar="S")
    sheet.add_argument("--data", type=Path, metavar="DIR", help="data folder")
    sheet.add_argument("--currency", metavar="CODE", help="where the sheet names none")
    sheet.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    sheet.add_argument("--json", action="store_true")

    speak = command("say", "speak a text into a WAV file with its timeline", _say)
    speak.add_argument("text", metavar="TEXT")
    speak.add_argument("--voice", metavar="V")
    speak.add_argument("-o", "--out", type=Path, required=True, metavar="x.wav")
    speak.add_argument("--timeline", type=Path, metavar="x.json")

    film = command("film", "a show's rehearsal as an MP4, drawn frame by frame", _film)
    film.add_argument("--seconds", type=int, required=True, metavar="N")
    film.add_argument("--show", metavar="ID", help="a show of the data folder (default: the sample shop's)")
    film.add_argument("--out", type=Path, required=True, metavar="x.mp4")

    push = command("push", "a show on air, pushed to a platform's RTMP ingest", _push)
    push.add_argument("ingest", metavar="rtmp://…")
    push.add_argument("--show", required=True, metavar="ID")
    push.add_argument(
        "--rehearsal", action="store_true", help="as a rehearsal, marked in the picture, without checklist"
    )
    push.add_argument("--seconds", type=int, metavar="N", help="stop after so long (default: the end of the show)")
    for sub in (film, push):
        sub.add_argument("--shop", default="sample", metavar="S")
        sub.add_argument("--data", type=Path, metavar="DIR", help="data folder")

    pack = command("pack", "copy the model and voice files for a machine without a network", _pack)
    pack.add_argument("folder", type=Path, metavar="DIR")

    evaluate = command("eval", "how good extraction, scripts and answers are on authored records", _evaluate)
    evaluate.add_argument(
        "records", nargs="?", type=Path, metavar="RECORDS.jsonl", help="records of the authored schema"
    )
    evaluate.add_argument("--engine", metavar="moe|donor|rules|URL", help="default: the one of the settings")
    evaluate.add_argument("--suite", choices=["hostile"], help="hostile comments and listings instead of records")
    evaluate.add_argument("--parts", default="extract,script,answers", metavar="extract,script,answers")
    evaluate.add_argument("--limit", type=int, metavar="N", help="only the first N")
    evaluate.add_argument("--out", type=Path, metavar="FILE", help="write the table; its rows are kept beside it")
    evaluate.add_argument("--json", action="store_true")

    bench = command("bench", "our parts measured: the model beside a named rival, the voice", _bench)
    bench.add_argument("what", choices=["model", "speech"])
    bench.add_argument("--export", type=Path, metavar="GGUF", help="our own dense export, measured beside the donor")
    bench.add_argument("--out", type=Path, metavar="FILE")
    bench.add_argument("--yuan-per-hour", type=float, default=0.35, help="price of the machine")
    bench.add_argument("--tiny", action="store_true", help="few tokens: shows that it runs, measures nothing")
    bench.add_argument("--voice", action="append", default=[], metavar="V", help="speech: only these voices")
    bench.add_argument("--lines", type=int, default=20, metavar="N", help="speech: sentences a voice")
    bench.add_argument("--rounds", type=int, default=3, metavar="N", help="speech: times a clause is asked")
    bench.add_argument("--room", action="store_true", help="speech: also beside a studio on air")
    bench.add_argument("--json", action="store_true")

    served = command("serve-model", "the embedded model behind an OpenAI-compatible HTTP address", _serve_model)
    served.add_argument("--api-port", type=int, metavar="8100")
    served.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS")

    rehearse = command("rehearse", "a whole show at real speed with a simulated crowd, measured", _rehearse)
    rehearse.add_argument("--seconds", type=int, required=True)
    rehearse.add_argument("--seed", type=int, default=1)
    rehearse.add_argument("--products", type=int, default=3)
    rehearse.add_argument("--comments-per-minute", type=float, default=6.0)
    rehearse.add_argument("--orders-per-minute", type=float, default=4.0)
    rehearse.add_argument("--fault", action="append", default=[], metavar="NAME@T+D")
    rehearse.add_argument("--keep", type=Path, metavar="DIR", help="keep the evidence here")
    rehearse.add_argument("--json", action="store_true")
    return parser


def _run(arguments: argparse.Namespace, settings: Settings) -> int:
    screen = sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return run_command(settings, open_browser=screen and not arguments.no_browser)


def _doctor(arguments: argparse.Namespace, settings: Settings) -> int:
    return doctor_command(settings, as_json=arguments.json)


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    return backup_command(settings, arguments.file)


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    return restore_command(settings, arguments.file, replace=arguments.replace)


def _migrate(_arguments: argparse.Namespace, settings: Settings) -> int:
    return migrate_command(settings)


def _update(_arguments: argparse.Namespace, settings: Settings) -> int:
    return update_command(settings)


def _with_model(arguments: argparse.Namespace, settings: Settings, ask: Callable[[Any], Awaitable[int]]) -> int:
    """Run a command beside its own model process."""

    async def together() -> int:
        async with engines(settings, model=not arguments.no_model) as model:
            return await ask(model)

    if not arguments.no_model:
        prepare(settings)
    return asyncio.run(together())


def _extract(a: argparse.Namespace, settings: Settings) -> int:
    return _with_model(
        a, settings, lambda model: extract_command(model, text=a.text, jsonl=a.jsonl, out=a.out, as_json=a.json)
    )


def _script(a: argparse.Namespace, settings: Settings) -> int:
    if a.shop:
        return asyncio.run(
            show_script_command(settings, shop=a.shop, minutes=a.minutes or 20, out=a.out, as_json=a.json)
        )
    return _with_model(a, settings, lambda model: script_command(model, jsonl=a.jsonl, out=a.out, as_json=a.json))


def _answer(a: argparse.Namespace, settings: Settings) -> int:
    return _with_model(a, settings, lambda model: answer_command(model, jsonl=a.jsonl, out=a.out, as_json=a.json))


def _lawful(a: argparse.Namespace, _settings: Settings) -> int:
    return asyncio.run(lawful_command(text=a.text, jsonl=a.jsonl, out=a.out, as_json=a.json))


def _spoken(a: argparse.Namespace, _settings: Settings) -> int:
    return spoken_command(a.text, a.jsonl, a.out, a.json)


def _import(a: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(
        import_command(settings, file=a.file, shop=a.shop, dry_run=a.dry_run, as_json=a.json, currency=a.currency)
    )


def _say(a: argparse.Namespace, settings: Settings) -> int:
    prepare(settings)
    return say_command(a.text, a.voice, a.out, a.timeline, settings.voice_dir)


def _film(a: argparse.Namespace, settings: Settings) -> int:
    return film_command(settings, seconds=a.seconds, show=a.show, shop=a.shop, out=a.out)


def _push(a: argparse.Namespace, settings: Settings) -> int:
    return push_command(settings, ingest=a.ingest, show=a.show, shop=a.shop, rehearsal=a.rehearsal, seconds=a.seconds)


def _pack(a: argparse.Namespace, settings: Settings) -> int:
    prepare(settings)
    supply.pack(settings, a.folder)
    return 0


def _rehearse(a: argparse.Namespace, settings: Settings) -> int:
    prepare(settings)
    return asyncio.run(
        rehearse_command(
            seconds=a.seconds,
            seed=a.seed,
            products=a.products,
            comments_per_minute=a.comments_per_minute,
            orders_per_minute=a.orders_per_minute,
            faults=a.fault,
            keep=a.keep,
            as_json=a.json,
        )
    )


def _evaluate(a: argparse.Namespace, settings: Settings) -> int:
    if a.limit is not None and a.limit < 1:
        raise BadInput("limit", "at least 1", a.limit)
    if a.suite:
        return asyncio.run(
            hostile_command(
                settings, folder=SUITES, engine=a.engine or settings.engine, limit=a.limit, out=a.out, as_json=a.json
            )
        )
    if a.records is None:
        raise BadInput("records", "a file of records, or --suite hostile", None)
    return asyncio.run(
        evaluate_command(
            settings,
            records=a.records,
            engine=a.engine or settings.engine,
            parts=a.parts.split(","),
            limit=a.limit,
            out=a.out,
            as_json=a.json,
        )
    )


def _bench(a: argparse.Namespace, settings: Settings) -> int:
    if a.what == "speech":
        wanted = ["--lines", str(a.lines), "--rounds", str(a.rounds)] + [
            text for name in a.voice for text in ("--voice", name)
        ]
        wanted += [f"--{name}" for name in ("room", "json") if getattr(a, name)]
        return bench_speech_command(settings, wanted + (["--out", str(a.out)] if a.out else []))
    given = ["--yuan-per-hour", str(a.yuan_per_hour)]
    given += [f"--{name}" for name in ("tiny", "json") if getattr(a, name)]
    given += [text for name in ("export", "out") if getattr(a, name) for text in (f"--{name}", str(getattr(a, name)))]
    return bench_model_command(settings, given)


def _serve_model(a: argparse.Namespace, settings: Settings) -> int:
    return serve_model_command(settings, bind=a.bind, port=a.api_port or settings.model_api_port)
