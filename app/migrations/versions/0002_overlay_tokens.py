"""Rooms, leases, overlay tokens and clicks."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0002_overlay_tokens"
down_revision = "0001_first_voice"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "rooms",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("duty", sa.String(length=120), nullable=False),
        sa.Column("products", sa.Integer(), nullable=True),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_rooms_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "room", name="pk_rooms"),
    )
    op.create_index("ix_rooms_shop_show", "rooms", ["shop", "show"])
    op.create_table(
        "leases",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("taken_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "room"], ["rooms.shop", "rooms.room"], name="fk_leases_shop_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "room", name="pk_leases"),
    )
    op.create_table(
        "overlay_tokens",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["shop", "room"], ["rooms.shop", "rooms.room"], name="fk_overlay_tokens_shop_room", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name="pk_overlay_tokens"),
    )
    op.create_index("ix_overlay_tokens_shop_room", "overlay_tokens", ["shop", "room"])
    op.create_table(
        "clicks",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_clicks_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_clicks"),
    )
    op.create_index("ix_clicks_shop_show_product", "clicks", ["shop", "show", "product"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("clicks", "overlay_tokens", "leases", "rooms"):
        op.drop_table(table)
