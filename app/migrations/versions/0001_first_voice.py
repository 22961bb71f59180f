"""First voice: shops, catalogue, shows, log, orders."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0001_first_voice"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "shops",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("shop", name="pk_shops"),
    )
    op.create_table(
        "live_events",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(precision=53), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=True),
        sa.Column("product", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.String(length=64), nullable=True),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_live_events_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "room", "seq", name="pk_live_events"),
    )
    op.create_index("ix_live_events_shop_room_type", "live_events", ["shop", "room", "type"], unique=False)
    op.create_index("ix_live_events_shop_type_at", "live_events", ["shop", "type", "at"], unique=False)

    op.create_table(
        "order_inbox",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=400), nullable=False),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_order_inbox_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "source", "event", name="pk_order_inbox"),
    )
    op.create_table(
        "orders",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("order", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=True),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("placed_ms", sa.BigInteger(), nullable=False),
        sa.Column("updated_ms", sa.BigInteger(), nullable=False),
        sa.Column("attribution", sa.String(length=16), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=True),
        sa.Column("line", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_orders_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "source", "order", name="pk_orders"),
    )
    op.create_index("ix_orders_shop_placed_ms", "orders", ["shop", "placed_ms"], unique=False)
    op.create_index("ix_orders_shop_room", "orders", ["shop", "room"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("room", sa.String(length=64), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("published_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_outbox_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_published_at_id", "outbox", ["published_at", "id"], unique=False)

    op.create_table(
        "policies",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_policies_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "key", "lang", name="pk_policies"),
    )
    op.create_table(
        "products",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("listing", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("list_price_basis", sa.String(length=32), nullable=True),
        sa.Column("stock", sa.BigInteger(), nullable=True),
        sa.Column("picture", sa.String(length=200), nullable=True),
        sa.Column("faq", sa.JSON(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=120), nullable=True),
        sa.Column("confirmed_at", Moment, nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_products_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "product", name="pk_products"),
        sa.UniqueConstraint("shop", "sku", name="uq_products_shop_sku"),
    )
    op.create_table(
        "shows",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("voice", sa.String(length=64), nullable=False),
        sa.Column("persona", sa.String(length=400), nullable=False),
        sa.Column("duty", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_shows_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "show", name="pk_shows"),
    )
    op.create_table(
        "users",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("disabled_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_users_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "user", name="pk_users"),
        sa.UniqueConstraint("account", name="uq_users_account"),
    )
    op.create_table(
        "integrations",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=128), nullable=False),
        sa.Column("previous", sa.String(length=128), nullable=True),
        sa.Column("previous_until", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_integrations_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "kind", name="pk_integrations"),
    )
    op.create_table(
        "links",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["shop", "user"], ["users.shop", "users.user"], name="fk_links_shop_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name="pk_links"),
    )
    op.create_table(
        "order_events",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=32), nullable=False),
        sa.Column("event", sa.String(length=400), nullable=False),
        sa.Column("order", sa.String(length=120), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=120), nullable=False),
        sa.Column("show", sa.String(length=120), nullable=True),
        sa.Column("updated_ms", sa.BigInteger(), nullable=True),
        sa.Column("received_ms", sa.BigInteger(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "source", "event"],
            ["order_inbox.shop", "order_inbox.source", "order_inbox.event"],
            name="fk_order_events_shop_source_event",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "source", "event", name="pk_order_events"),
    )
    op.create_index("ix_order_events_shop_source_order", "order_events", ["shop", "source", "order"], unique=False)

    op.create_table(
        "prices",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("list_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_prices_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_prices"),
    )
    op.create_index("ix_prices_shop_product_at", "prices", ["shop", "product", "at"], unique=False)

    op.create_table(
        "scripts",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("persona", sa.String(length=400), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("approved_by", sa.String(length=120), nullable=False),
        sa.Column("approved_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_scripts_shop_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shop", "product", "lang", "version", name="pk_scripts"),
    )
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=32), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("agent", sa.String(length=200), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["shop", "user"], ["users.shop", "users.user"], name="fk_sessions_shop_user", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sessions"),
        sa.UniqueConstraint("session", name="uq_sessions_session"),
    )
    op.create_index("ix_sessions_shop_user", "sessions", ["shop", "user"], unique=False)

    op.create_table(
        "show_products",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("show", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop", "product"],
            ["products.shop", "products.product"],
            name="fk_show_products_shop_product",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["shop", "show"], ["shows.shop", "shows.show"], name="fk_show_products_shop_show", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("shop", "show", "position", name="pk_show_products"),
        sa.UniqueConstraint("shop", "show", "product", name="uq_show_products_shop_show_product"),
    )


def downgrade() -> None:
    """Undo: every table goes, and what it held."""
    op.drop_table("show_products")
    op.drop_index("ix_sessions_shop_user", "sessions")

    op.drop_table("sessions")
    op.drop_table("scripts")
    op.drop_index("ix_prices_shop_product_at", "prices")

    op.drop_table("prices")
    op.drop_index("ix_order_events_shop_source_order", "order_events")

    op.drop_table("order_events")
    op.drop_table("links")
    op.drop_table("integrations")
    op.drop_table("users")
    op.drop_table("shows")
    op.drop_table("products")
    op.drop_table("policies")
    op.drop_index("ix_outbox_published_at_id", "outbox")

    op.drop_table("outbox")
    op.drop_index("ix_orders_shop_room", "orders")
    op.drop_index("ix_orders_shop_placed_ms", "orders")

    op.drop_table("orders")
    op.drop_table("order_inbox")
    op.drop_index("ix_live_events_shop_type_at", "live_events")
    op.drop_index("ix_live_events_shop_room_type", "live_events")

    op.drop_table("live_events")
    op.drop_table("shops")
