"""Shows with a length, a look and goals; versions of their words and who stands for them."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0006_scripts"
down_revision = "0005_facts"
branch_labels = None
depends_on = None

SHOW_COLUMNS = ("minutes", "theme", "background", "before")


def upgrade() -> None:
    """Add the columns, create the tables."""
    op.add_column("shows", sa.Column("minutes", sa.Integer(), server_default="30", nullable=False))
    op.add_column("shows", sa.Column("theme", sa.String(length=16), server_default="jade", nullable=False))
    op.add_column("shows", sa.Column("background", sa.String(length=16), server_default="studio", nullable=False))
    op.add_column("shows", sa.Column("before", sa.JSON(), nullable=True))
    op.add_column("show_products", sa.Column("goal", sa.String(length=16), server_default="", nullable=False))
    op.create_table(
        "script_versions",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "show"], ["shows.shop", "shows.show"], name="fk_script_versions_shop_show", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "show", "block", "version", name="pk_script_versions"),
    )
    op.create_table(
        "line_approvals",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("block", sa.String(length=64), nullable=False),
        sa.Column("words", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "show"], ["shows.shop", "shows.show"], name="fk_line_approvals_shop_show", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "show", "block", "words", name="pk_line_approvals"),
    )


def downgrade() -> None:
    """Drop the tables and columns."""
    op.drop_table("line_approvals")
    op.drop_table("script_versions")
    op.drop_column("show_products", "goal")
    for column in SHOW_COLUMNS:
        op.drop_column("shows", column)
