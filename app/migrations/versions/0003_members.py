"""Reserved for members; its owner fills it in."""

revision = "0003_members"
down_revision = "0002_overlay_tokens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
