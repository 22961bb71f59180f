"""Reserved; nothing yet."""

revision = "0010_catalogue2"
down_revision = "0009_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
