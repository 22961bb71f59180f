"""What the shelf is searched and narrowed by: a product's words and its category, in columns of their own."""

import json
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0010_catalogue2"
down_revision = "0009_privacy"
branch_labels = None
depends_on = None

MANY = 1000  # rows of one statement


def upgrade() -> None:
    """Add the columns and fill them from the facts that are there."""
    op.add_column("products", sa.Column("category", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("products", sa.Column("words", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_products_shop_position", "products", ["shop", "position"])
    products = sa.table("products", *map(sa.column, ("shop", "product", "facts", "category", "words")))
    found = op.get_bind().execute(sa.select(products.c.shop, products.c.product, products.c.facts)).all()
    put = (
        sa.update(products)
        .where(products.c.shop == sa.bindparam("of"), products.c.product == sa.bindparam("which"))
        .values(category=sa.bindparam("group"), words=sa.bindparam("said"))
    )
    for start in range(0, len(found), MANY):
        op.get_bind().execute(put, [_of(*row) for row in found[start : start + MANY]])


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_products_shop_position", "products")
    op.drop_column("products", "words")
    op.drop_column("products", "category")


def _of(shop: str, product: str, facts: object) -> dict[str, str]:
    body = json.loads(facts) if isinstance(facts, str) else facts
    known = body if isinstance(body, dict) else {}
    parts = [str(known.get(name) or "") for name in ("title", "brand", "category")]
    words = " ".join(unicodedata.normalize("NFKC", " ".join(parts)).casefold().split())
    return {"of": shop, "which": product, "group": parts[2][:60], "said": words}
