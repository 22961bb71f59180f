"""Reserved; nothing yet."""

revision = "0013_alerts_out"
down_revision = "0012_cluster"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
