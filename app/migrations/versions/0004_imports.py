"""Catalogue files: what was uploaded, how its columns were mapped, what became of each row, what a file last said."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0004_imports"
down_revision = "0003_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "imports",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("import", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("profile", sa.String(length=16), nullable=True),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("goods", sa.Integer(), nullable=False),
        sa.Column("goods_done", sa.Integer(), nullable=False),
        sa.Column("fetches", sa.Integer(), nullable=False),
        sa.Column("fetches_done", sa.Integer(), nullable=False),
        sa.Column("failure", sa.String(length=400), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("started_at", Moment, nullable=True),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("seconds", sa.Float(precision=53), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_imports_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "import", name="pk_imports"),
    )
    op.create_index("ix_imports_shop_file_hash", "imports", ["shop", "file_hash"], unique=False)
    op.create_index("ix_imports_state", "imports", ["state"], unique=False)
    op.create_table(
        "import_mappings",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_import_mappings_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "signature", name="pk_import_mappings"),
    )
    op.create_table(
        "import_goods",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_import_goods_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", name="pk_import_goods"),
    )
    op.create_table(
        "import_rows",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("import", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=True),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "import"],
            ["imports.shop", "imports.import"],
            name="fk_import_rows_shop_import",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "import", "place", name="pk_import_rows"),
    )
    op.create_table(
        "import_tables",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("import", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "import"],
            ["imports.shop", "imports.import"],
            name="fk_import_tables_shop_import",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "import", name="pk_import_tables"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("import_tables")
    op.drop_table("import_rows")
    op.drop_table("import_goods")
    op.drop_table("import_mappings")
    op.drop_index("ix_imports_state", "imports")
    op.drop_index("ix_imports_shop_file_hash", "imports")
    op.drop_table("imports")
