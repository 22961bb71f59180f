"""Reserved; nothing yet."""

revision = "0014_order_files"
down_revision = "0013_alerts_out"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
