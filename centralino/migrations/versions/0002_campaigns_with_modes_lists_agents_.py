"""campaigns with modes, lists, agents, tallies"""

import sqlalchemy as sa
from alembic import op

from dialer.models.turns import POSTGRESQL_SETTINGS

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agent_events",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_agent_events")),
    )
    with op.batch_alter_table("agent_events", schema=None) as batch_op:
        batch_op.create_index("ix_agent_events_agent", ["agent", "at"], unique=False)
        batch_op.create_index("ix_agent_events_campaign", ["campaign", "at"], unique=False)

    op.create_table(
        "agents",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agents")),
    )
    op.create_table(
        "campaign_changes",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_campaign_changes")),
    )
    with op.batch_alter_table("campaign_changes", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_changes_campaign", ["campaign", "seq"], unique=False)

    op.create_table(
        "contact_lists",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_contact_lists")),
    )
    with op.batch_alter_table("contact_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_lists_campaign"), ["campaign"], unique=False)

    op.create_table(
        "exclusions",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "number", name=op.f("pk_exclusions")),
    )
    op.create_table(
        "holds",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "purpose", "reason", name=op.f("pk_holds")),
    )
    op.create_table(
        "lanes",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("zones", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint("campaign", "list", "zones", name=op.f("uq_lanes_campaign_list_zones")),
    )
    op.create_table(
        "list_imports",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_imports")),
    )
    with op.batch_alter_table("list_imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_list_imports_list"), ["list"], unique=False)

    op.create_table(
        "register_entries",
        sa.Column("register", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("register", "edition", "number", name=op.f("pk_register_entries")),
    )
    op.create_table(
        "registers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("dated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("numbers", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_registers")),
    )
    op.create_table(
        "tallies",
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "hour", "what", name=op.f("pk_tallies")),
    )
    op.create_table(
        "trunks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("calls_per_second", sa.Double(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("rest_seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_trunks")),
    )
    op.create_table(
        "turns",
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("lane", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("place", sa.Double(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wake", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=True),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_turns")),
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index(
            "ix_turns_expiring",
            ["expires"],
            unique=False,
            sqlite_where=sa.text("expires IS NOT NULL"),
            postgresql_where=sa.text("expires IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_turns_leased",
            ["owner"],
            unique=False,
            sqlite_where=sa.text("owner <> ''"),
            postgresql_where=sa.text("owner <> ''"),
        )
        batch_op.create_index(
            "ix_turns_promised",
            ["lane", "due"],
            unique=False,
            sqlite_where=sa.text("stage = 'promised'"),
            postgresql_where=sa.text("stage = 'promised'"),
        )
        batch_op.create_index(
            "ix_turns_ready",
            ["lane", "rank", "place", "due", "contact_id"],
            unique=False,
            sqlite_where=sa.text("stage = 'ready'"),
            postgresql_where=sa.text("stage = 'ready'"),
        )
        batch_op.create_index(
            "ix_turns_waiting",
            ["lane", "wake", "rank", "place"],
            unique=False,
            sqlite_where=sa.text("stage = 'waiting'"),
            postgresql_where=sa.text("stage = 'waiting'"),
        )

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("customer_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("list", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("caller_id", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ringing", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("detected", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("joined", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("released", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("amd", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("amd_cause", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("agent", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("disposition", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recording", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("cost", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index("ix_attempts_campaign", ["campaign", "committed"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempts_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_attempts_talked",
            ["over"],
            unique=False,
            sqlite_where=sa.text("outcome = 'talked'"),
            postgresql_where=sa.text("outcome = 'talked'"),
        )

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("mode", sa.String(length=32), nullable=False, server_default="agentless")
        )
        batch_op.add_column(sa.Column("weight", sa.Double(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("skill", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ratio", sa.Double(), nullable=False, server_default="1.5"))
        batch_op.add_column(sa.Column("max_abandon", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("max_occupancy", sa.Double(), nullable=True))
        batch_op.add_column(
            sa.Column("machines", sa.String(length=32), nullable=False, server_default="ignore")
        )
        batch_op.add_column(sa.Column("message", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("wrap_seconds", sa.Double(), nullable=False, server_default="30"))
        batch_op.add_column(sa.Column("record", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("caller_ids", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("callback_flow", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("dispositions", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("spend_limit", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("archived", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("numbers", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.add_column(sa.Column("zones", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("list", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("score", sa.Double(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("agent", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("promised", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_index(batch_op.f("ix_contacts_expiring"), sqlite_where=sa.text("state = 'ready'"))
        batch_op.drop_index(batch_op.f("ix_contacts_ready"), sqlite_where=sa.text("state = 'ready'"))
        batch_op.drop_index(batch_op.f("ix_contacts_turn"), sqlite_where=sa.text("state = 'ready'"))
        batch_op.create_index("ix_contacts_campaign", ["campaign", "list"], unique=False)
        batch_op.drop_column("lease_owner")
        batch_op.drop_column("lease_until")

    # those who wait to be called already: each gets its turn
    op.execute(
        "INSERT INTO lanes (campaign, list, zones)"
        " SELECT DISTINCT campaign, list, zones FROM contacts WHERE state = 'ready'"
    )
    op.execute(
        "INSERT INTO turns (contact_id, lane, stage, rank, place, due, wake, expires, promised, agent, owner,"
        " fence) SELECT contacts.id, lanes.id, 'waiting', -priority, -score, not_before, not_before, expires,"
        " false, '', '', fence FROM contacts JOIN lanes ON lanes.campaign = contacts.campaign"
        " AND lanes.list = contacts.list AND lanes.zones = contacts.zones WHERE contacts.state = 'ready'"
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL_SETTINGS:
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lease_until", sa.DATETIME(), nullable=True))
        batch_op.add_column(sa.Column("lease_owner", sa.VARCHAR(), nullable=False, server_default=""))
        batch_op.drop_index("ix_contacts_campaign")
        batch_op.create_index(
            batch_op.f("ix_contacts_turn"),
            ["campaign", "priority", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_ready"),
            ["campaign", "not_before"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index(
            batch_op.f("ix_contacts_expiring"),
            ["expires"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
        )
        batch_op.drop_column("promised")
        batch_op.drop_column("agent")
        batch_op.drop_column("score")
        batch_op.drop_column("list")
        batch_op.drop_column("zones")
        batch_op.drop_column("numbers")

    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.drop_column("archived")
        batch_op.drop_column("spend_limit")
        batch_op.drop_column("dispositions")
        batch_op.drop_column("callback_flow")
        batch_op.drop_column("caller_ids")
        batch_op.drop_column("record")
        batch_op.drop_column("wrap_seconds")
        batch_op.drop_column("message")
        batch_op.drop_column("machines")
        batch_op.drop_column("max_occupancy")
        batch_op.drop_column("max_abandon")
        batch_op.drop_column("ratio")
        batch_op.drop_column("skill")
        batch_op.drop_column("weight")
        batch_op.drop_column("mode")

    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_attempts_talked",
            sqlite_where=sa.text("outcome = 'talked'"),
            postgresql_where=sa.text("outcome = 'talked'"),
        )
        batch_op.drop_index(batch_op.f("ix_attempts_customer_id"))
        batch_op.drop_index("ix_attempts_campaign")
        batch_op.drop_column("cost")
        batch_op.drop_column("recording")
        batch_op.drop_column("disposition")
        batch_op.drop_column("agent")
        batch_op.drop_column("amd_cause")
        batch_op.drop_column("amd")
        batch_op.drop_column("released")
        batch_op.drop_column("joined")
        batch_op.drop_column("detected")
        batch_op.drop_column("ringing")
        batch_op.drop_column("caller_id")
        batch_op.drop_column("list")
        batch_op.drop_column("customer_id")

    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_turns_waiting",
            sqlite_where=sa.text("stage = 'waiting'"),
            postgresql_where=sa.text("stage = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_turns_ready",
            sqlite_where=sa.text("stage = 'ready'"),
            postgresql_where=sa.text("stage = 'ready'"),
        )
        batch_op.drop_index(
            "ix_turns_promised",
            sqlite_where=sa.text("stage = 'promised'"),
            postgresql_where=sa.text("stage = 'promised'"),
        )
        batch_op.drop_index(
            "ix_turns_leased", sqlite_where=sa.text("owner <> ''"), postgresql_where=sa.text("owner <> ''")
        )
        batch_op.drop_index(
            "ix_turns_expiring",
            sqlite_where=sa.text("expires IS NOT NULL"),
            postgresql_where=sa.text("expires IS NOT NULL"),
        )

    op.drop_table("turns")
    op.drop_table("trunks")
    op.drop_table("tallies")
    op.drop_table("registers")
    op.drop_table("register_entries")
    with op.batch_alter_table("list_imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_list_imports_list"))

    op.drop_table("list_imports")
    op.drop_table("lanes")
    op.drop_table("holds")
    op.drop_table("exclusions")
    with op.batch_alter_table("contact_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_lists_campaign"))

    op.drop_table("contact_lists")
    with op.batch_alter_table("campaign_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_changes_campaign")

    op.drop_table("campaign_changes")
    op.drop_table("agents")
    with op.batch_alter_table("agent_events", schema=None) as batch_op:
        batch_op.drop_index("ix_agent_events_campaign")
        batch_op.drop_index("ix_agent_events_agent")

    op.drop_table("agent_events")
