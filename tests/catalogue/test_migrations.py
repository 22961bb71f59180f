"""The schema that migrations build is the one that the rows describe, and every step can be taken back."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

import app.main  # noqa: F401  (every module with rows)
from app.database import MIGRATIONS, Base


def test_rows_and_migrations_agree(migrated_file: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_file}")
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()
    assert differences == []


def test_every_table_names_its_shop(migrated_file: Path) -> None:
    engine = create_engine(f"sqlite:///{migrated_file}")
    schema = inspect(engine)
    without = [
        table
        for table in schema.get_table_names()
        if table != "alembic_version" and "shop" not in {column["name"] for column in schema.get_columns(table)}
    ]
    engine.dispose()
    assert without == []


def test_the_schema_can_be_taken_down_again(tmp_path: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = f"sqlite+aiosqlite:///{tmp_path / 'x.db'}"
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    engine = create_engine(f"sqlite:///{tmp_path / 'x.db'}")
    left = inspect(engine).get_table_names()
    engine.dispose()
    assert left == ["alembic_version"]
