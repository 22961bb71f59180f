"""Order lines, buyers as pseudonyms, order files, and connections with sealed secrets."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0007_figures"
down_revision = "0006_scripts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and columns; every order so far becomes an order of one line."""
    with op.batch_alter_table("integrations") as table:
        for name, empty in (("secret", False), ("previous", True)):
            table.alter_column(
                name, existing_type=sa.String(length=128), type_=sa.String(length=512), existing_nullable=empty
            )
        table.add_column(sa.Column("app_key", sa.String(length=120), nullable=True))
        table.add_column(sa.Column("account", sa.String(length=200), nullable=True))
    with op.batch_alter_table("order_events") as table:
        table.add_column(sa.Column("total_minor", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("was_paid", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("items", sa.JSON(), nullable=True))
        table.add_column(sa.Column("buyer", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("buyer_shown", sa.String(length=40), nullable=True))
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("buyer", sa.String(length=16), nullable=True))
        table.add_column(sa.Column("buyer_shown", sa.String(length=40), nullable=True))
    op.create_table(
        "order_lines",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("order", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "source", "order"],
            ["orders.shop", "orders.source", "orders.order"],
            name="fk_order_lines_shop_source_order",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "source", "order", "position", name="pk_order_lines"),
    )
    op.create_index("ix_order_lines_shop_product", "order_lines", ["shop", "product"], unique=False)
    op.execute(
        sa.text(
            'INSERT INTO order_lines (shop, source, "order", position, sku, product, quantity, amount_minor,'
            ' refunded_minor) SELECT shop, source, "order", 0, sku, product, quantity, amount_minor, refunded_minor'
            " FROM orders"
        )
    )
    op.create_table(
        "order_files",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("booked_at", Moment, nullable=True),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_order_files_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "file", name="pk_order_files"),
        sa.UniqueConstraint("shop", "source", "digest", name="uq_order_files_shop_source_digest"),
    )


def downgrade() -> None:
    """Drop the tables and columns. Secrets too long for the old column have to be made anew."""
    op.drop_table("order_files")
    op.drop_index("ix_order_lines_shop_product", "order_lines")
    op.drop_table("order_lines")
    with op.batch_alter_table("orders") as table:
        for name in ("buyer_shown", "buyer"):
            table.drop_column(name)
    with op.batch_alter_table("order_events") as table:
        for name in ("buyer_shown", "buyer", "items", "was_paid", "total_minor"):
            table.drop_column(name)
    op.execute(sa.text("DELETE FROM integrations WHERE length(secret) > 128"))
    op.execute(sa.text("UPDATE integrations SET previous = NULL, previous_until = NULL WHERE length(previous) > 128"))
    with op.batch_alter_table("integrations") as table:
        for name in ("account", "app_key"):
            table.drop_column(name)
        for name, empty in (("secret", False), ("previous", True)):
            table.alter_column(
                name, existing_type=sa.String(length=512), type_=sa.String(length=128), existing_nullable=empty
            )
