"""Which studio speaks in a room, and until when nobody else may."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0012_cluster"
down_revision = "0010_catalogue2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the holder and the end of a lease."""
    op.add_column("leases", sa.Column("studio", sa.String(length=64), nullable=False, server_default=""))
    op.add_column("leases", sa.Column("until", Moment, nullable=True))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("leases") as leases:
        leases.drop_column("until")
        leases.drop_column("studio")
