"""Order files whose columns a person maps: what was read, sealed until it is booked, and the choice by column."""

import sqlalchemy as sa
from alembic import op

revision = "0014_order_files"
down_revision = "0012_cluster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and the columns."""
    op.create_table(
        "order_columns",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_order_columns_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "name", name="pk_order_columns"),
    )
    op.add_column("order_files", sa.Column("draft", sa.Text(), nullable=True))
    op.add_column("order_files", sa.Column("currency", sa.String(length=3), nullable=False, server_default="CNY"))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("order_files", "currency")
    op.drop_column("order_files", "draft")
    op.drop_table("order_columns")
