"""Reserved for scripts; its owner fills it in."""

revision = "0006_scripts"
down_revision = "0005_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
