"""People of several shops, roles, invitations, shop profiles and the audit log."""

import sqlalchemy as sa
from alembic import op

from app.database import Moment

revision = "0003_members"
down_revision = "0002_overlay_tokens"
branch_labels = None
depends_on = None

NO_UPDATE, NO_DELETE = "audit_keeps_its_words", "audit_keeps_its_notes"


def upgrade() -> None:
    """Move accounts out of the shops, and create the tables."""
    op.create_table(
        "accounts",
        sa.Column("user", sa.String(length=32), nullable=False),
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("user", name="pk_accounts"),
        sa.UniqueConstraint("account", name="uq_accounts_account"),
    )
    op.execute(
        'INSERT INTO accounts ("user", shop, account, password, created_at) '
        'SELECT "user", shop, account, password, created_at FROM users'
    )
    with op.batch_alter_table("users") as users:
        users.drop_constraint("uq_users_account", type_="unique")
        users.drop_column("account")
        users.drop_column("password")
        users.create_foreign_key("fk_users_user", "accounts", ["user"], ["user"])
    op.execute("UPDATE users SET role = 'analyst' WHERE role = 'viewer'")
    with op.batch_alter_table("shops") as shops:
        shops.add_column(sa.Column("lang", sa.String(length=8), nullable=False, server_default="zh"))
        shops.add_column(sa.Column("currency", sa.String(length=3), nullable=False, server_default="CNY"))
        shops.add_column(sa.Column("market", sa.String(length=8), nullable=False, server_default="CN"))
        shops.add_column(sa.Column("opened_at", Moment, nullable=True))
    op.execute("UPDATE shops SET opened_at = created_at")
    op.add_column("sessions", sa.Column("address", sa.String(length=64), nullable=False, server_default=""))
    op.create_table(
        "invitations",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("invitation", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("used_at", Moment, nullable=True),
        sa.Column("revoked_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_invitations_shop", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shop", "invitation", name="pk_invitations"),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
    )
    op.create_table(
        "audit",
        sa.Column("shop", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=32), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["shop"], ["shops.shop"], name="fk_audit_shop"),
        sa.PrimaryKeyConstraint("shop", "note", name="pk_audit"),
    )
    op.create_index("ix_audit_shop_what_note", "audit", ["shop", "what", "note"])
    _refuse_changes()


def _refuse_changes() -> None:
    """Triggers that keep the audit log append-only, in the words of either database."""
    if op.get_bind().dialect.name == "sqlite":
        for name, deed in ((NO_UPDATE, "UPDATE"), (NO_DELETE, "DELETE")):
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {deed} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {NO_UPDATE} BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )


def downgrade() -> None:
    """Drop the tables, and give each person back to the one shop they came from."""
    op.drop_table("audit")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION audit_is_append_only()")
    op.drop_table("invitations")
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("address")
    with op.batch_alter_table("shops") as shops:
        for column in ("opened_at", "market", "currency", "lang"):
            shops.drop_column(column)
    op.execute("UPDATE users SET role = 'viewer' WHERE role = 'analyst'")
    with op.batch_alter_table("users") as users:
        users.drop_constraint("fk_users_user", type_="foreignkey")
        users.add_column(sa.Column("account", sa.String(length=120), nullable=True))
        users.add_column(sa.Column("password", sa.String(length=256), nullable=True))
    # An account was one shop's: in further shops its name is made unique by the shop's id.
    op.execute(
        "UPDATE users SET account = (SELECT CASE WHEN accounts.shop = users.shop THEN accounts.account "
        "ELSE substr(users.shop || '/' || accounts.account, 1, 120) END "
        'FROM accounts WHERE accounts."user" = users."user"), '
        'password = (SELECT password FROM accounts WHERE accounts."user" = users."user")'
    )
    with op.batch_alter_table("users") as users:
        users.alter_column("account", existing_type=sa.String(length=120), nullable=False)
        users.create_unique_constraint("uq_users_account", ["account"])
    op.drop_table("accounts")
