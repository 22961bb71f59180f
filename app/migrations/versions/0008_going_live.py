"""What was confirmed before a show goes live, and starts that were set for later."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0008_going_live"
down_revision = "0007_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "preparations",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("duty", sa.String(length=120), nullable=False),
        sa.Column("label_by", sa.String(length=120), nullable=False),
        sa.Column("label_at", Moment, nullable=True),
        sa.Column("rules_by", sa.String(length=120), nullable=False),
        sa.Column("rules_at", Moment, nullable=True),
        sa.Column("restricted_by", sa.String(length=120), nullable=False),
        sa.Column("restricted_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["shop", "show"], ["shows.shop", "shows.show"], name="fk_preparations_shop_show", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "show", name="pk_preparations"),
    )
    op.create_table(
        "scheduled_starts",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("set_by", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "show"], ["shows.shop", "shows.show"], name="fk_scheduled_starts_shop_show", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "show", name="pk_scheduled_starts"),
    )
    op.create_index("ix_scheduled_starts_state_starts_at", "scheduled_starts", ["state", "starts_at"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("scheduled_starts")
    op.drop_table("preparations")
