"""Reserved for privacy; its owner fills it in."""

revision = "0009_privacy"
down_revision = "0008_going_live"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
