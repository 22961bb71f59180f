"""The rows of the books: inbox, order events, orders and their lines, order files, outbox, webhook secrets."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, Moment


class SecretRow(Base):
    """What a shop's webhooks are signed with, sealed; the previous one stays valid until `previous_until`.

    `kind` is `comments`, `orders` or `orders:<platform>`. `app_key` is what some platforms sign along, `account` the
    shop's own name there (a domain or id): messages that name another one are refused.
    """

    __tablename__ = "integrations"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32), primary_key=True)
    secret: Mapped[str] = mapped_column(String(512))
    previous: Mapped[str | None] = mapped_column(String(512))
    previous_until: Mapped[datetime | None] = mapped_column(Moment)
    app_key: Mapped[str | None] = mapped_column(String(120))
    account: Mapped[str | None] = mapped_column(String(200))


class InboxRow(Base):
    """A message as it came, once per event id; what names a buyer was struck out first."""

    __tablename__ = "order_inbox"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    event: Mapped[str] = mapped_column(String(400), primary_key=True)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class OrderEventRow(Base):
    """A message's meaning; the fold over an order's rows is its state."""

    __tablename__ = "order_events"
    __table_args__ = (
        ForeignKeyConstraint(
            ["shop", "source", "event"],
            ["order_inbox.shop", "order_inbox.source", "order_inbox.event"],
            ondelete="CASCADE",
        ),
        Index(None, "shop", "source", "order"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    event: Mapped[str] = mapped_column(String(400), primary_key=True)
    order: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(Integer)
    sku: Mapped[str] = mapped_column(String(120))
    show: Mapped[str | None] = mapped_column(String(120))
    updated_ms: Mapped[int | None] = mapped_column(BigInteger)
    received_ms: Mapped[int] = mapped_column(BigInteger)
    simulated: Mapped[bool] = mapped_column(Boolean)
    test: Mapped[bool] = mapped_column(Boolean)
    total_minor: Mapped[int | None] = mapped_column(BigInteger)
    was_paid: Mapped[bool] = mapped_column(Boolean, server_default=false())
    items: Mapped[list[list[Any]] | None] = mapped_column(JSON(none_as_null=True))
    buyer: Mapped[str | None] = mapped_column(String(16))
    buyer_shown: Mapped[str | None] = mapped_column(String(40))
    code: Mapped[str | None] = mapped_column(String(16))


class OrderRow(Base):
    """An order as it stands: the fold of its events, and which show it belongs to."""

    __tablename__ = "orders"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "shop", "room"),
        Index(None, "shop", "placed_ms"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    order: Mapped[str] = mapped_column(String(120), primary_key=True)
    status: Mapped[str] = mapped_column(String(16))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    quantity: Mapped[int] = mapped_column(Integer)
    sku: Mapped[str] = mapped_column(String(120))
    product: Mapped[str | None] = mapped_column(String(64))
    paid: Mapped[bool] = mapped_column(Boolean)
    simulated: Mapped[bool] = mapped_column(Boolean)
    test: Mapped[bool] = mapped_column(Boolean)
    placed_ms: Mapped[int] = mapped_column(BigInteger)
    updated_ms: Mapped[int] = mapped_column(BigInteger)
    attribution: Mapped[str] = mapped_column(String(16))
    room: Mapped[str | None] = mapped_column(String(64))
    line: Mapped[str | None] = mapped_column(String(64))
    buyer: Mapped[str | None] = mapped_column(String(16))
    buyer_shown: Mapped[str | None] = mapped_column(String(40))


class OrderLineRow(Base):
    """One article of an order, written anew with its order; the money of products is added up here."""

    __tablename__ = "order_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["shop", "source", "order"], ["orders.shop", "orders.source", "orders.order"], ondelete="CASCADE"
        ),
        Index(None, "shop", "product"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    source: Mapped[str] = mapped_column(String(32), primary_key=True)
    order: Mapped[str] = mapped_column(String(120), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sku: Mapped[str] = mapped_column(String(120))
    product: Mapped[str | None] = mapped_column(String(64))
    quantity: Mapped[int] = mapped_column(Integer)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger)


class OrderFileRow(Base):
    """A platform's order file as it was read: rows with their meaning, and the rows that could not be read.

    `draft` is the sheet itself, sealed, so that its columns can be mapped anew; booking it, or a week, removes it.
    """

    __tablename__ = "order_files"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        UniqueConstraint("shop", "source", "digest"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str] = mapped_column(String(32), primary_key=True)
    source: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(Moment)
    booked_at: Mapped[datetime | None] = mapped_column(Moment)
    columns: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    draft: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(String(3), server_default="CNY")


class OrderColumnsRow(Base):
    """What a shop took a column for, by the hash of its folded name; the next file is read likewise."""

    __tablename__ = "order_columns"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    field: Mapped[str] = mapped_column(String(16))


class CodeRow(Base):
    """A code on a link: what was on air where, when somebody followed it. `line` is empty for a show's printed code."""

    __tablename__ = "codes"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        UniqueConstraint("shop", "room", "product", "line"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    room: Mapped[str] = mapped_column(String(64))
    show: Mapped[str] = mapped_column(String(64))
    product: Mapped[str] = mapped_column(String(64))
    line: Mapped[str] = mapped_column(String(64))
    rehearsal: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime] = mapped_column(Moment)


class ShopLinkRow(Base):
    """Where a shop's goods are bought (`{sku}` stands for the article number), and its parameter for our code."""

    __tablename__ = "shop_links"
    __table_args__ = (ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),)

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(String(500))
    parameter: Mapped[str] = mapped_column(String(32))


class ProductLinkRow(Base):
    """Where one product is bought, when the shop's address does not fit it."""

    __tablename__ = "product_links"
    __table_args__ = (
        ForeignKeyConstraint(["shop", "product"], ["products.shop", "products.product"], ondelete="CASCADE"),
    )

    shop: Mapped[str] = mapped_column(String(64), primary_key=True)
    product: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(String(500))


class OutboxRow(Base):
    """News of an order for the running room, committed with the order itself."""

    __tablename__ = "outbox"
    __table_args__ = (
        ForeignKeyConstraint(["shop"], ["shops.shop"], ondelete="CASCADE"),
        Index(None, "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    shop: Mapped[str] = mapped_column(String(64))
    room: Mapped[str | None] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Moment)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
