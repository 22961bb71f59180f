"""Reserved; nothing yet."""

revision = "0016_words"
down_revision = "0015_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
