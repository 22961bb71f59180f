"""Codes of links, where goods are bought, and the code that a click used and an order handed back."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0015_codes"
down_revision = "0014_order_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables and the columns."""
    op.create_table(
        "codes",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("line", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_codes_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "code", name="pk_codes"),
        sa.UniqueConstraint("shop", "room", "product", "line", name="uq_codes_shop_room_product_line"),
    )
    op.create_table(
        "shop_links",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("parameter", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_shop_links_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", name="pk_shop_links"),
    )
    op.create_table(
        "product_links",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_product_links_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", name="pk_product_links"),
    )
    op.add_column("clicks", sa.Column("code", sa.String(length=16), nullable=True))
    op.add_column("order_events", sa.Column("code", sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("order_events", "code")
    op.drop_column("clicks", "code")
    op.drop_table("product_links")
    op.drop_table("shop_links")
    op.drop_table("codes")
