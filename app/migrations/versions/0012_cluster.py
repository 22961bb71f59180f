"""Reserved; nothing yet."""

revision = "0012_cluster"
down_revision = "0011_on_air"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
