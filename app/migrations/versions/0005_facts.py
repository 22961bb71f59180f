"""What a person has said about single facts, the queue of listings to read, pasted texts, and why a price changed."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0005_facts"
down_revision = "0004_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.add_column("prices", sa.Column("why", sa.String(length=120), server_default="", nullable=False))
    op.create_table(
        "fact_marks",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_fact_marks_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", "fact", name="pk_fact_marks"),
    )
    op.create_table(
        "fact_proposals",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("fact", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_fact_proposals_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", "fact", name="pk_fact_proposals"),
    )
    op.create_table(
        "extractions",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("listing", sa.String(length=64), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(precision=53), nullable=True),
        sa.Column("problem", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_extractions_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", name="pk_extractions"),
    )
    op.create_index("ix_extractions_state_asked_at_place", "extractions", ["state", "asked_at", "place"])
    op.create_table(
        "paste_items",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("paste", sa.String(length=32), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(precision=53), nullable=True),
        sa.Column("problem", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_paste_items_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "paste", "place", name="pk_paste_items"),
    )
    op.create_index("ix_paste_items_state_asked_at_place", "paste_items", ["state", "asked_at", "place"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("paste_items", "extractions", "fact_proposals", "fact_marks"):
        op.drop_table(table)
    op.drop_column("prices", "why")
