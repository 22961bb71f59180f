"""Reserved; nothing yet."""

revision = "0017_stage"
down_revision = "0016_words"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
