"""Migrations build the schema that the rows describe, on both databases, and every step can be undone."""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

import app.main  # noqa: F401  (every module with rows)
from app.database import MIGRATIONS, Base, Database

_T = TypeVar("_T")


async def look(database: Database, question: Callable[[Connection], _T]) -> _T:
    async with database.engine.connect() as connection:
        return await connection.run_sync(question)


async def test_rows_and_migrations_agree(database: Database) -> None:
    def differences(connection: Connection) -> list[Any]:
        return compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert await look(database, differences) == []


async def test_every_table_names_its_shop(database: Database) -> None:
    def without(connection: Connection) -> list[str]:
        schema = inspect(connection)
        return [
            table
            for table in schema.get_table_names()
            if table != "alembic_version" and "shop" not in {column["name"] for column in schema.get_columns(table)}
        ]

    assert await look(database, without) == []


async def test_the_schema_can_be_taken_down_and_built_again(database: Database, database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = database_url
    await asyncio.to_thread(command.downgrade, config, "base")
    assert await look(database, lambda connection: inspect(connection).get_table_names()) == ["alembic_version"]
    await database.engine.dispose()  # PostgreSQL keeps plans of the tables that went
    await asyncio.to_thread(command.upgrade, config, "head")
    assert "orders" in await look(database, lambda connection: inspect(connection).get_table_names())
