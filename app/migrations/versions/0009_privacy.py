"""How long a shop keeps what, and who is to be erased."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0009_privacy"
down_revision = "0008_going_live"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "retention",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("comments_days", sa.Integer(), nullable=False),
        sa.Column("buyers_days", sa.Integer(), nullable=False),
        sa.Column("logs_days", sa.Integer(), nullable=False),
        sa.Column("clips_days", sa.Integer(), nullable=False),
        sa.Column("swept_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_retention_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", name="pk_retention"),
    )
    op.create_table(
        "erasures",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("viewer", sa.String(length=16), nullable=False),
        sa.Column("asked_by", sa.String(length=120), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_erasures_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "viewer", name="pk_erasures"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("erasures")
    op.drop_table("retention")
