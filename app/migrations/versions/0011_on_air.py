"""Reserved; nothing yet."""

revision = "0011_on_air"
down_revision = "0010_catalogue2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""


def downgrade() -> None:
    """Drop them."""
