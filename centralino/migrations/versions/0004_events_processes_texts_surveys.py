"""events, processes, texts, surveys"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment_slots",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_slots")),
    )
    with op.batch_alter_table("appointment_slots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointment_slots_ends"), ["ends"], unique=False)

    op.create_table(
        "appointments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begins", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appointments_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appointments_offered"), ["offered"], unique=False)

    op.create_table(
        "business_events",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_business_events")),
        sa.UniqueConstraint("id", name=op.f("uq_business_events_id")),
    )
    with op.batch_alter_table("business_events", schema=None) as batch_op:
        batch_op.create_index("ix_business_events_customer", ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_business_events_parked",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        )
        batch_op.create_index(
            "ix_business_events_pending",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.create_index("ix_business_events_received", ["received"], unique=False)

    op.create_table(
        "found_facts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_facts")),
    )
    with op.batch_alter_table("found_facts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_found_facts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_found_facts_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "order_pins",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("call_tries", sa.Integer(), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_pins")),
    )
    with op.batch_alter_table("order_pins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_pins_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_pins_made"), ["made"], unique=False)

    op.create_table(
        "outage_faults",
        sa.Column("outage_id", sa.String(), nullable=False),
        sa.Column("fault_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outage_id", "fault_id", name=op.f("pk_outage_faults")),
    )
    with op.batch_alter_table("outage_faults", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_faults_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "outage_lines",
        sa.Column("outage_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("outage_id", "customer_id", "line_id", name=op.f("pk_outage_lines")),
    )
    with op.batch_alter_table("outage_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_lines_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "outages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expected_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restored", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.Column("asked_to", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outages")),
    )
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outages_lasting",
            ["opened"],
            unique=False,
            sqlite_where=sa.text("restored IS NULL"),
            postgresql_where=sa.text("restored IS NULL"),
        )
        batch_op.create_index(
            "ix_outages_to_ask",
            ["restored"],
            unique=False,
            sqlite_where=sa.text("restored IS NOT NULL AND asked_at IS NULL"),
            postgresql_where=sa.text("restored IS NOT NULL AND asked_at IS NULL"),
        )

    op.create_table(
        "partner_contracts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("added", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_partner_contracts")),
    )
    with op.batch_alter_table("partner_contracts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_contracts_partner"), ["partner"], unique=False)

    op.create_table(
        "partner_settlements",
        sa.Column("contract", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("invoice", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reckoned", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("contract", "month", name=op.f("pk_partner_settlements")),
    )
    with op.batch_alter_table("partner_settlements", schema=None) as batch_op:
        batch_op.create_index("ix_partner_settlements_partner", ["partner", "month"], unique=False)

    op.create_table(
        "repair_checks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("fault_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("outage_id", sa.String(), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restored", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("close_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair_checks")),
    )
    with op.batch_alter_table("repair_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repair_checks_ask"), ["ask"], unique=False)
        batch_op.create_index(batch_op.f("ix_repair_checks_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_repair_checks_due",
            ["close_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index(batch_op.f("ix_repair_checks_fault_id"), ["fault_id"], unique=False)
        batch_op.create_index("ix_repair_checks_restored", ["restored"], unique=False)

    op.create_table(
        "rule_decisions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("about", sa.String(), server_default="", nullable=False),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("share", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_decisions")),
    )
    with op.batch_alter_table("rule_decisions", schema=None) as batch_op:
        batch_op.create_index("ix_rule_decisions_campaign", ["campaign", "decided"], unique=False)
        batch_op.create_index("ix_rule_decisions_customer", ["customer_id"], unique=False)
        batch_op.create_index("ix_rule_decisions_key", ["key"], unique=False)

    op.create_table(
        "survey_tallies",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("squares", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint(
            "week",
            "month",
            "survey",
            "partner",
            "site",
            "area",
            "item",
            "value",
            name=op.f("pk_survey_tallies"),
        ),
    )
    op.create_table(
        "surveys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("occasion", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_surveys")),
    )
    op.create_table(
        "text_messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_messages")),
    )
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_text_messages_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_text_messages_due",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending', 'sent')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending', 'sent')"),
        )
        batch_op.create_index("ix_text_messages_queued", ["queued"], unique=False)
        batch_op.create_index(batch_op.f("ix_text_messages_sid"), ["sid"], unique=False)

    op.create_table(
        "told_pins",
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_told_pins")),
    )
    with op.batch_alter_table("told_pins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_told_pins_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_told_pins_told"), ["told"], unique=False)

    op.create_table(
        "traffic_alarms",
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("cycle", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("unbilled_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("threshold_minor", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("raised", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("caring", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("line_id", "cycle", name=op.f("pk_traffic_alarms")),
    )
    with op.batch_alter_table("traffic_alarms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_traffic_alarms_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_traffic_alarms_raised", ["raised"], unique=False)

    op.create_table(
        "survey_cells",
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("cell", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.name"], name=op.f("fk_survey_cells_survey_surveys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey", "cell", "week", name=op.f("pk_survey_cells")),
    )
    op.create_table(
        "survey_draws",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("resting", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("strata", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.name"], name=op.f("fk_survey_draws_survey_surveys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_draws")),
    )
    with op.batch_alter_table("survey_draws", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_draws_survey"), ["survey"], unique=False)

    op.create_table(
        "survey_interviews",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("survey", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("mode", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("contact_id", sa.String(), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("invited", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_item", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.name"], name=op.f("fk_survey_interviews_survey_surveys")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_interviews")),
    )
    with op.batch_alter_table("survey_interviews", schema=None) as batch_op:
        batch_op.create_index("ix_survey_interviews_agent", ["agent", "finished"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_interviews_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_interviews_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_interviews_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_survey_interviews_finished", ["finished"], unique=False)
        batch_op.create_index("ix_survey_interviews_survey", ["survey", "week", "state"], unique=False)
        batch_op.create_index(
            "ix_survey_interviews_week",
            ["state", "week", "survey", "partner", "site", "area", "weight"],
            unique=False,
        )

    op.create_table(
        "survey_answers",
        sa.Column("interview", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interview"],
            ["survey_interviews.id"],
            name=op.f("fk_survey_answers_interview_survey_interviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("interview", "item", name=op.f("pk_survey_answers")),
    )
    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("site", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("partner", sa.String(), server_default="", nullable=False))

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("region", sa.String(), server_default="", nullable=False))
        batch_op.create_index(batch_op.f("ix_customers_region"), ["region"], unique=False)

    with op.batch_alter_table("report_sendings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("month", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("report_sendings", schema=None) as batch_op:
        batch_op.drop_column("month")

    with op.batch_alter_table("customers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customers_region"))
        batch_op.drop_column("region")

    with op.batch_alter_table("agents", schema=None) as batch_op:
        batch_op.drop_column("partner")
        batch_op.drop_column("site")
        batch_op.drop_column("team")

    op.drop_table("survey_answers")
    with op.batch_alter_table("survey_interviews", schema=None) as batch_op:
        batch_op.drop_index("ix_survey_interviews_week")
        batch_op.drop_index("ix_survey_interviews_survey")
        batch_op.drop_index("ix_survey_interviews_finished")
        batch_op.drop_index(batch_op.f("ix_survey_interviews_customer_id"))
        batch_op.drop_index(batch_op.f("ix_survey_interviews_contact_id"))
        batch_op.drop_index(batch_op.f("ix_survey_interviews_call_id"))
        batch_op.drop_index("ix_survey_interviews_agent")

    op.drop_table("survey_interviews")
    with op.batch_alter_table("survey_draws", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_survey_draws_survey"))

    op.drop_table("survey_draws")
    op.drop_table("survey_cells")
    with op.batch_alter_table("traffic_alarms", schema=None) as batch_op:
        batch_op.drop_index("ix_traffic_alarms_raised")
        batch_op.drop_index(batch_op.f("ix_traffic_alarms_customer_id"))

    op.drop_table("traffic_alarms")
    with op.batch_alter_table("told_pins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_told_pins_told"))
        batch_op.drop_index(batch_op.f("ix_told_pins_customer_id"))

    op.drop_table("told_pins")
    with op.batch_alter_table("text_messages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_text_messages_sid"))
        batch_op.drop_index("ix_text_messages_queued")
        batch_op.drop_index(
            "ix_text_messages_due",
            sqlite_where=sa.text("state IN ('waiting', 'sending', 'sent')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending', 'sent')"),
        )
        batch_op.drop_index(batch_op.f("ix_text_messages_customer_id"))

    op.drop_table("text_messages")
    op.drop_table("surveys")
    op.drop_table("survey_tallies")
    with op.batch_alter_table("rule_decisions", schema=None) as batch_op:
        batch_op.drop_index("ix_rule_decisions_key")
        batch_op.drop_index("ix_rule_decisions_customer")
        batch_op.drop_index("ix_rule_decisions_campaign")

    op.drop_table("rule_decisions")
    with op.batch_alter_table("repair_checks", schema=None) as batch_op:
        batch_op.drop_index("ix_repair_checks_restored")
        batch_op.drop_index(batch_op.f("ix_repair_checks_fault_id"))
        batch_op.drop_index(
            "ix_repair_checks_due",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_repair_checks_customer_id"))
        batch_op.drop_index(batch_op.f("ix_repair_checks_ask"))

    op.drop_table("repair_checks")
    with op.batch_alter_table("partner_settlements", schema=None) as batch_op:
        batch_op.drop_index("ix_partner_settlements_partner")

    op.drop_table("partner_settlements")
    with op.batch_alter_table("partner_contracts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_contracts_partner"))

    op.drop_table("partner_contracts")
    with op.batch_alter_table("outages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outages_to_ask",
            sqlite_where=sa.text("restored IS NOT NULL AND asked_at IS NULL"),
            postgresql_where=sa.text("restored IS NOT NULL AND asked_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_outages_lasting",
            sqlite_where=sa.text("restored IS NULL"),
            postgresql_where=sa.text("restored IS NULL"),
        )

    op.drop_table("outages")
    with op.batch_alter_table("outage_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outage_lines_customer_id"))

    op.drop_table("outage_lines")
    with op.batch_alter_table("outage_faults", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outage_faults_customer_id"))

    op.drop_table("outage_faults")
    with op.batch_alter_table("order_pins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_pins_made"))
        batch_op.drop_index(batch_op.f("ix_order_pins_customer_id"))

    op.drop_table("order_pins")
    with op.batch_alter_table("found_facts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_found_facts_customer_id"))
        batch_op.drop_index(batch_op.f("ix_found_facts_at"))

    op.drop_table("found_facts")
    with op.batch_alter_table("business_events", schema=None) as batch_op:
        batch_op.drop_index("ix_business_events_received")
        batch_op.drop_index(
            "ix_business_events_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index(
            "ix_business_events_parked",
            sqlite_where=sa.text("state = 'parked'"),
            postgresql_where=sa.text("state = 'parked'"),
        )
        batch_op.drop_index("ix_business_events_customer")

    op.drop_table("business_events")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointments_offered"))
        batch_op.drop_index(batch_op.f("ix_appointments_customer_id"))

    op.drop_table("appointments")
    with op.batch_alter_table("appointment_slots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appointment_slots_ends"))

    op.drop_table("appointment_slots")
