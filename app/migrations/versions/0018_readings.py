"""How a shop wants its own words read aloud."""

import sqlalchemy as sa
from alembic import op

revision = "0018_readings"
down_revision = "0015_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "readings",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("written", sa.String(length=40), nullable=False),
        sa.Column("said", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_readings_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "written", name="pk_readings"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("readings")
