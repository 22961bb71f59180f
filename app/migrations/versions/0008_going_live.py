"""Reserved for going_live; its owner fills it in."""

revision = "0008_going_live"
down_revision = "0007_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
