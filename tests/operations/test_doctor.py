"""The doctor looks at the database that is configured, and at no other; it never shows a password."""

import asyncio
from pathlib import Path

from app.commands.doctor import Finding, findings
from app.settings import Settings
from tests.servers import free_port


async def database_of(settings: Settings) -> Finding:
    found = await asyncio.to_thread(lambda: list(findings(settings)))
    [finding] = [one for one in found if one.what == "database"]
    return finding


async def test_a_database_that_answers_is_well(database_url: str, tmp_path: Path) -> None:
    finding = await database_of(Settings(data_dir=tmp_path, database_url=database_url))
    assert finding.well and ("ok" in finding.found or "schema 0" in finding.found)


async def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+asyncpg://zhubo:verysecret@127.0.0.1:{free_port()}/zhubo"
    finding = await database_of(Settings(data_dir=tmp_path, database_url=url))
    assert not finding.well and "ZHUBO_DATABASE_URL" in finding.mend
    assert "verysecret" not in finding.found + finding.mend


async def test_nothing_configured_speaks_of_no_server(tmp_path: Path) -> None:
    finding = await database_of(Settings(data_dir=tmp_path))
    assert finding.well and "postgres" not in finding.found
