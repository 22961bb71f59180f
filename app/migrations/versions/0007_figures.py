"""Reserved for figures; its owner fills it in."""

revision = "0007_figures"
down_revision = "0006_scripts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
