"""Reserved for imports; its owner fills it in."""

revision = "0004_imports"
down_revision = "0003_members"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop the tables."""
