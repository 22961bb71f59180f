"""Reserved for facts; its owner fills it in."""

revision = "0005_facts"
down_revision = "0004_imports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
