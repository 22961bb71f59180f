"""Reserved; nothing yet."""

revision = "0015_codes"
down_revision = "0014_order_files"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
