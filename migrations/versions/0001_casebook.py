"""The casebook: every table but the full-text index, and the log that only grows."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_IS_REF = (
    f"length(ref) BETWEEN 1 AND 64 AND ltrim(ref, '{_LETTERS}._-') = '' "
    "AND ltrim(substr(ref, 1, 1), '._-') <> ''"
)


def upgrade() -> None:
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
            comment="What people and files call it",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Its usual name"),
        sa.Column(
            "kind",
            sa.Enum(
                "person",
                "group",
                "organisation",
                "state",
                "outlet",
                "anonymous",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Person, group, ..., anonymous source",
        ),
        sa.Column(
            "parent_id",
            sa.Integer(),
            nullable=True,
            comment="Whom it serves, belongs to or is one of; empty: it is its own principal",
        ),
        sa.Column(
            "access",
            sa.Enum(
                "current",
                "former",
                "current_or_former",
                "close",
                "intermediary",
                "official",
                "unspecified",
                name="access",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="How near an anonymous source is said to be; empty: not anonymous",
        ),
        sa.Column(
            "described_as",
            sa.Text(),
            nullable=True,
            comment="An anonymous source in its document's words; empty: not anonymous",
        ),
        sa.Column(
            "count_min",
            sa.Integer(),
            nullable=True,
            comment="Fewest people an anonymous source can be; empty: unspecified",
        ),
        sa.Column(
            "count_max",
            sa.Integer(),
            nullable=True,
            comment="Most people an anonymous source can be; empty: unspecified",
        ),
        sa.Column(
            "aliases",
            sa.JSON(),
            nullable=False,
            comment="Other names and spellings, a list; empty list: none",
        ),
        sa.Column(
            "protected",
            sa.Boolean(),
            nullable=False,
            comment="A source whose identity stays inside unless asked for by flag",
        ),
        sa.CheckConstraint(
            "(kind = 'anonymous') = (access IS NOT NULL)",
            name=op.f("ck_actor_anonymous_has_access"),
        ),
        sa.CheckConstraint(
            "(kind = 'anonymous') = (described_as IS NOT NULL)",
            name=op.f("ck_actor_anonymous_is_described"),
        ),
        sa.CheckConstraint(
            "count_max >= count_min", name=op.f("ck_actor_count_max_from_count_min")
        ),
        sa.CheckConstraint(
            "count_max IS NULL OR count_min IS NOT NULL", name=op.f("ck_actor_count_has_a_minimum")
        ),
        sa.CheckConstraint("count_min >= 1", name=op.f("ck_actor_count_min_from_1")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_actor_name_not_empty")),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_actor_ref_is_one")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_actor_parent_not_itself")),
        sa.ForeignKeyConstraint(["parent_id"], ["actor.id"], name=op.f("fk_actor_parent_id_actor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor")),
        sa.UniqueConstraint("ref", name=op.f("uq_actor_ref")),
    )
    with op.batch_alter_table("actor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actor_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "casebook",
        sa.Column(
            "id", sa.String(length=36), nullable=False, comment="UUID, given when it was created"
        ),
        sa.Column("singleton", sa.Integer(), nullable=False, comment="Always 1: there is one row"),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was created, UTC",
        ),
        sa.Column(
            "pseudonym_secret",
            sa.Text(),
            nullable=False,
            comment="Key of the pseudonyms of protected sources, 64 hexadecimal digits",
        ),
        sa.CheckConstraint("singleton = 1", name=op.f("ck_casebook_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casebook")),
        sa.UniqueConstraint("singleton", name=op.f("uq_casebook_singleton")),
    )
    op.create_table(
        "revision",
        sa.Column(
            "seq",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="1, 2, 3 ... without a gap",
        ),
        sa.Column(
            "at",
            sa.String(length=27),
            nullable=False,
            comment="When, ISO 8601 in UTC with microseconds and Z",
        ),
        sa.Column("author", sa.Text(), nullable=False, comment="Who made the change"),
        sa.Column(
            "change",
            sa.String(length=32),
            nullable=False,
            comment="The id of the one command or request",
        ),
        sa.Column(
            "message", sa.Text(), nullable=True, comment="Why; empty: not said, or taken out"
        ),
        sa.Column(
            "table_name", sa.String(length=32), nullable=False, comment="The table of the row"
        ),
        sa.Column(
            "row_key",
            sa.Text().with_variant(sa.Text(collation="C"), "postgresql"),
            nullable=True,
            comment="The row's key, its refs joined by /; empty: taken out",
        ),
        sa.Column(
            "op",
            sa.Enum(
                "insert",
                "update",
                "delete",
                name="op",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What happened to the row",
        ),
        sa.Column(
            "before",
            sa.Text(),
            nullable=True,
            comment="The row before, canonical JSON; empty: there was none, or taken out",
        ),
        sa.Column(
            "after",
            sa.Text(),
            nullable=True,
            comment="The row after, canonical JSON; empty: there is none, or taken out",
        ),
        sa.Column(
            "salt",
            sa.String(length=32),
            nullable=True,
            comment="Random salt of the digest, hexadecimal; empty: taken out",
        ),
        sa.Column(
            "content_digest",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of salt and content, hexadecimal",
        ),
        sa.Column(
            "prev_hash",
            sa.String(length=64),
            nullable=False,
            comment="The hash of the revision before; 64 zeros for the first",
        ),
        sa.Column(
            "hash",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of prev_hash and this revision, hexadecimal",
        ),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_revision_seq_from_1")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_revision")),
        sa.UniqueConstraint("hash", name=op.f("uq_revision_hash")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_change"), ["change"], unique=False)
        batch_op.create_index(
            "ix_revision_table_name_row_key", ["table_name", "row_key"], unique=False
        )

    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
            comment="What people and files call it",
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="Its name"),
        sa.Column("parent_id", sa.Integer(), nullable=True, comment="The wider topic; empty: none"),
        sa.Column(
            "exclusive",
            sa.Boolean(),
            nullable=False,
            comment="Only one of its propositions can be true",
        ),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_topic_name_not_empty")),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_topic_ref_is_one")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_topic_parent_not_itself")),
        sa.ForeignKeyConstraint(["parent_id"], ["topic.id"], name=op.f("fk_topic_parent_id_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("ref", name=op.f("uq_topic_ref")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_topic_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
            comment="What people and files call it",
        ),
        sa.Column("url", sa.Text(), nullable=True, comment="Its address; empty: none known"),
        sa.Column(
            "canonical_id",
            sa.Integer(),
            nullable=True,
            comment="The document of which this is another address; empty: itself",
        ),
        sa.Column(
            "publisher_id", sa.Integer(), nullable=False, comment="The actor that published it"
        ),
        sa.Column("title", sa.Text(), nullable=True, comment="Its title; empty: not recorded"),
        sa.Column("language", sa.Text(), nullable=True, comment="BCP 47 tag; empty: not recorded"),
        sa.Column(
            "published_from",
            sa.Date(),
            nullable=True,
            comment="Earliest day of publication; empty: unknown",
        ),
        sa.Column(
            "published_to",
            sa.Date(),
            nullable=True,
            comment="Latest day of publication; empty: as published_from",
        ),
        sa.Column(
            "coverage",
            sa.Enum(
                "listed",
                "partial",
                "complete",
                name="coverage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="How much of it has been coded",
        ),
        sa.Column("archive_url", sa.Text(), nullable=True, comment="An archived copy; empty: none"),
        sa.Column(
            "body",
            sa.Text(),
            nullable=True,
            comment="Its text, to which positions of quotations refer; empty: not kept",
        ),
        sa.Column(
            "protected",
            sa.Boolean(),
            nullable=False,
            comment="Would give a source away: stays inside unless asked for by flag",
        ),
        sa.CheckConstraint("canonical_id <> id", name=op.f("ck_document_canonical_not_itself")),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_document_ref_is_one")),
        sa.CheckConstraint(
            "published_from <= published_to", name=op.f("ck_document_published_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["canonical_id"], ["document.id"], name=op.f("fk_document_canonical_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["publisher_id"], ["actor.id"], name=op.f("fk_document_publisher_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("ref", name=op.f("uq_document_ref")),
        sa.UniqueConstraint("url", name=op.f("uq_document_url")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_canonical_id"), ["canonical_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_document_published_to"), ["published_to"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_document_publisher_id"), ["publisher_id"], unique=False
        )

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
            comment="What people and files call it",
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "commitment",
                "claim",
                "statement",
                "assessment",
                "action",
                "window",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Claim, statement, action, ...",
        ),
        sa.Column(
            "actor_id",
            sa.Integer(),
            nullable=False,
            comment="Who says, does, promises, judges or decides",
        ),
        sa.Column(
            "on_behalf_of_id",
            sa.Integer(),
            nullable=True,
            comment="For whom it spoke or acted then; empty: itself and what it belongs to",
        ),
        sa.Column(
            "capacity",
            sa.Text(),
            nullable=True,
            comment="The office or role in which it spoke or acted; empty: not recorded",
        ),
        sa.Column(
            "summary",
            sa.Text(),
            nullable=False,
            comment="What was said or done, in the coder's words",
        ),
        sa.Column(
            "date_from",
            sa.Date(),
            nullable=True,
            comment="Earliest day it can have happened; empty: open or unknown",
        ),
        sa.Column(
            "date_to",
            sa.Date(),
            nullable=True,
            comment="Latest day it can have happened; empty: open or unknown",
        ),
        sa.Column(
            "precision",
            sa.Enum(
                "day",
                "month",
                "season",
                "year",
                "vague",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="How exactly it is dated; empty: undated",
        ),
        sa.Column(
            "date_text",
            sa.Text(),
            nullable=True,
            comment="The date in the source's own words; empty: nothing beyond the bounds",
        ),
        sa.Column(
            "about_from",
            sa.Date(),
            nullable=True,
            comment="First day of the period spoken of; empty: open or not given",
        ),
        sa.Column(
            "about_to",
            sa.Date(),
            nullable=True,
            comment="Last day of the period spoken of; empty: open or not given",
        ),
        sa.Column("place", sa.Text(), nullable=True, comment="Where; empty: not recorded"),
        sa.Column(
            "action_code",
            sa.Text(),
            nullable=True,
            comment="PLOVER category of an action, such as ASSAULT:drone; empty: not coded",
        ),
        sa.Column(
            "latitude",
            sa.Float(),
            nullable=True,
            comment="Degrees north (WGS 84) of an action; empty: not recorded",
        ),
        sa.Column(
            "longitude",
            sa.Float(),
            nullable=True,
            comment="Degrees east (WGS 84) of an action; empty: not recorded",
        ),
        sa.CheckConstraint(
            "kind = 'action' OR (action_code IS NULL AND latitude IS NULL AND longitude IS NULL)",
            name=op.f("ck_entry_only_actions_have_code_and_coordinates"),
        ),
        sa.CheckConstraint("about_from <= about_to", name=op.f("ck_entry_about_in_order")),
        sa.CheckConstraint("date_from <= date_to", name=op.f("ck_entry_date_in_order")),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_entry_latitude_range")),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_entry_ref_is_one")),
        sa.CheckConstraint("length(summary) > 0", name=op.f("ck_entry_summary_not_empty")),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_entry_longitude_range")),
        sa.ForeignKeyConstraint(["actor_id"], ["actor.id"], name=op.f("fk_entry_actor_id_actor")),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["actor.id"], name=op.f("fk_entry_on_behalf_of_id_actor")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("ref", name=op.f("uq_entry_ref")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_date_from"), ["date_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_date_to"), ["date_to"], unique=False)
        batch_op.create_index("ix_entry_kind_ref", ["kind", "ref"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_entry_on_behalf_of_id"), ["on_behalf_of_id"], unique=False
        )

    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="What is cited for"),
        sa.Column("document_id", sa.Integer(), nullable=False, comment="The document cited"),
        sa.Column(
            "role",
            sa.Enum(
                "primary",
                "relay",
                "support",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="How the document stands behind it",
        ),
        sa.Column(
            "via_id",
            sa.Integer(),
            nullable=True,
            comment="The document in whose note it was found; empty: cited directly",
        ),
        sa.Column(
            "label",
            sa.Text(),
            nullable=False,
            comment="The note's label there, such as [12]; empty text: none",
        ),
        sa.Column(
            "wording",
            sa.Enum(
                "verbatim",
                "paraphrase",
                "translation",
                name="wording",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="Whose words the summary renders; empty: not recorded",
        ),
        sa.Column(
            "exact",
            sa.Text(),
            nullable=True,
            comment="The words quoted (Web Annotation TextQuoteSelector); empty: no quotation",
        ),
        sa.Column(
            "prefix", sa.Text(), nullable=True, comment="The words before; empty: not recorded"
        ),
        sa.Column(
            "suffix", sa.Text(), nullable=True, comment="The words after; empty: not recorded"
        ),
        sa.Column(
            "start_pos",
            sa.Integer(),
            nullable=True,
            comment="First code point of the quotation in the body, from 0; empty: not located",
        ),
        sa.Column(
            "end_pos",
            sa.Integer(),
            nullable=True,
            comment="Code point after its last; empty: not located",
        ),
        sa.CheckConstraint(
            "(start_pos IS NULL) = (end_pos IS NULL)",
            name=op.f("ck_citation_positions_both_or_neither"),
        ),
        sa.CheckConstraint("start_pos < end_pos", name=op.f("ck_citation_positions_in_order")),
        sa.CheckConstraint("start_pos >= 0", name=op.f("ck_citation_start_pos_from_0")),
        sa.CheckConstraint(
            "start_pos IS NULL OR exact IS NOT NULL", name=op.f("ck_citation_positions_need_exact")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_citation_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_citation_entry_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["via_id"], ["document.id"], name=op.f("fk_citation_via_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citation_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_citation_via_id"), ["via_id"], unique=False)

    op.create_table(
        "grade",
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="The entry graded"),
        sa.Column("graded_by_id", sa.Integer(), nullable=False, comment="Who graded it"),
        sa.Column("graded_on", sa.Date(), nullable=False, comment="The day of the grade"),
        sa.Column(
            "reliability",
            sa.Enum(
                "A",
                "B",
                "C",
                "D",
                "E",
                "F",
                name="reliability",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Source reliability A to E; F cannot be judged, a missing value",
        ),
        sa.Column(
            "credibility",
            sa.Integer(),
            nullable=False,
            comment="Information credibility 1 to 5; 6 cannot be judged, a missing value",
        ),
        sa.Column(
            "rationale",
            sa.Text(),
            nullable=True,
            comment="Why, in the rater's words; empty: self-evident",
        ),
        sa.CheckConstraint("credibility BETWEEN 1 AND 6", name=op.f("ck_grade_credibility_1_to_6")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_grade_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["graded_by_id"], ["actor.id"], name=op.f("fk_grade_graded_by_id_actor")
        ),
        sa.PrimaryKeyConstraint("entry_id", "graded_by_id", "graded_on", name=op.f("pk_grade")),
    )
    with op.batch_alter_table("grade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grade_graded_by_id"), ["graded_by_id"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column("from_id", sa.Integer(), nullable=False, comment="The entry that bears"),
        sa.Column("to_id", sa.Integer(), nullable=False, comment="The entry it bears on"),
        sa.Column(
            "relation",
            sa.Enum(
                "corroborates",
                "contradicts",
                "reconciles",
                "repeats",
                "responds_to",
                "supersedes",
                "concerns",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="How the first bears on the second",
        ),
        sa.Column(
            "strength",
            sa.Integer(),
            nullable=False,
            comment="1 partial, possible, at odds; 2 outright",
        ),
        sa.Column(
            "asserted_by_id", sa.Integer(), nullable=False, comment="Whose judgement this is"
        ),
        sa.Column(
            "rationale",
            sa.Text(),
            nullable=True,
            comment="Why, in the judge's words; empty: self-evident",
        ),
        sa.Column(
            "document_id",
            sa.Integer(),
            nullable=True,
            comment="Where this judgement was published; empty: with its entries",
        ),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_link_not_itself")),
        sa.CheckConstraint("strength IN (1, 2)", name=op.f("ck_link_strength_is_1_or_2")),
        sa.ForeignKeyConstraint(
            ["asserted_by_id"], ["actor.id"], name=op.f("fk_link_asserted_by_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_link_document_id_document")
        ),
        sa.ForeignKeyConstraint(["from_id"], ["entry.id"], name=op.f("fk_link_from_id_entry")),
        sa.ForeignKeyConstraint(["to_id"], ["entry.id"], name=op.f("fk_link_to_id_entry")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint(
            "from_id",
            "to_id",
            "relation",
            "asserted_by_id",
            name=op.f("uq_link_from_id_to_id_relation_asserted_by_id"),
        ),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_link_asserted_by_id"), ["asserted_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_link_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_link_to_id_relation", ["to_id", "relation"], unique=False)

    op.create_table(
        "participation",
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="The entry"),
        sa.Column("actor_id", sa.Integer(), nullable=False, comment="Who takes part"),
        sa.Column(
            "role",
            sa.Enum(
                "subject",
                "target",
                "addressee",
                "intermediary",
                "counterparty",
                "co_actor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What the actor is to the entry",
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name=op.f("fk_participation_actor_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["entry.id"], name=op.f("fk_participation_entry_id_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", "actor_id", "role", name=op.f("pk_participation")),
    )
    with op.batch_alter_table("participation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participation_actor_id"), ["actor_id"], unique=False)

    op.create_table(
        "proposition",
        sa.Column("id", sa.Integer(), nullable=False, comment="Internal key, never shown"),
        sa.Column(
            "ref",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
            comment="What people and files call it",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="The possible fact, as one sentence"),
        sa.Column("topic_id", sa.Integer(), nullable=False, comment="What it is about"),
        sa.Column(
            "truth", sa.Boolean(), nullable=True, comment="How it turned out; empty: not resolved"
        ),
        sa.Column(
            "resolved_on",
            sa.Date(),
            nullable=True,
            comment="The day it turned out so; empty: not resolved",
        ),
        sa.Column(
            "resolved_by_id",
            sa.Integer(),
            nullable=True,
            comment="The entry that settles it; empty: none named",
        ),
        sa.CheckConstraint(
            "(truth IS NULL) = (resolved_on IS NULL)", name=op.f("ck_proposition_truth_has_its_day")
        ),
        sa.CheckConstraint(_IS_REF, name=op.f("ck_proposition_ref_is_one")),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_proposition_text_not_empty")),
        sa.CheckConstraint(
            "resolved_by_id IS NULL OR truth IS NOT NULL",
            name=op.f("ck_proposition_resolved_by_truth"),
        ),
        sa.ForeignKeyConstraint(
            ["resolved_by_id"], ["entry.id"], name=op.f("fk_proposition_resolved_by_id_entry")
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topic.id"], name=op.f("fk_proposition_topic_id_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposition")),
        sa.UniqueConstraint("ref", name=op.f("uq_proposition_ref")),
    )
    with op.batch_alter_table("proposition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposition_resolved_by_id"), ["resolved_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_proposition_topic_id"), ["topic_id"], unique=False)

    op.create_table(
        "stance",
        sa.Column("entry_id", sa.Integer(), nullable=False, comment="The entry"),
        sa.Column("proposition_id", sa.Integer(), nullable=False, comment="What it is a stance on"),
        sa.Column("asserted_by_id", sa.Integer(), nullable=False, comment="Whose reading this is"),
        sa.Column(
            "value",
            sa.Integer(),
            nullable=False,
            comment="-2 denies outright, -1 leans against, 0 leaves open, 1 leans for, 2 asserts",
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "explicit",
                "inferred",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Plainly said, or inferred",
        ),
        sa.Column("hedge", sa.Text(), nullable=True, comment="The hedging words; empty: none"),
        sa.Column(
            "condition", sa.Text(), nullable=True, comment="What it hangs on; empty: nothing"
        ),
        sa.Column(
            "likelihood",
            sa.Enum(
                "almost_no_chance",
                "very_unlikely",
                "unlikely",
                "roughly_even",
                "likely",
                "very_likely",
                "almost_certain",
                name="likelihood",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="ICD 203 term for the hedge; empty: the words give none",
        ),
        sa.Column(
            "confidence",
            sa.Enum(
                "low",
                "moderate",
                "high",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The judge's confidence; empty: not stated",
        ),
        sa.Column(
            "rationale",
            sa.Text(),
            nullable=True,
            comment="Why, in the judge's words; empty: self-evident",
        ),
        sa.Column(
            "document_id",
            sa.Integer(),
            nullable=True,
            comment="Where this reading was published; empty: with the entry",
        ),
        sa.CheckConstraint(
            "value BETWEEN -2 AND 2", name=op.f("ck_stance_value_from_minus_2_to_2")
        ),
        sa.ForeignKeyConstraint(
            ["asserted_by_id"], ["actor.id"], name=op.f("fk_stance_asserted_by_id_actor")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_stance_document_id_document")
        ),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_stance_entry_id_entry")),
        sa.ForeignKeyConstraint(
            ["proposition_id"],
            ["proposition.id"],
            name=op.f("fk_stance_proposition_id_proposition"),
        ),
        sa.PrimaryKeyConstraint(
            "entry_id", "proposition_id", "asserted_by_id", name=op.f("pk_stance")
        ),
    )
    with op.batch_alter_table("stance", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stance_asserted_by_id"), ["asserted_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stance_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "ix_stance_proposition_id_value", ["proposition_id", "value", "entry_id"], unique=False
        )

    _index_what_alembic_cannot_see()
    _index_what_is_protected()
    _make_the_log_append_only()


def _index_what_alembic_cannot_see() -> None:
    """Create the indexes of expressions: on SQLite, Alembic leaves them out of what it compares."""
    op.create_index(
        "uq_citation_place",
        "citation",
        [
            "entry_id",
            "document_id",
            sa.text("coalesce(via_id, 0)"),
            "label",
            sa.text("coalesce(start_pos, -1)"),
        ],
        unique=True,
    )
    symmetric = "relation IN ('corroborates', 'contradicts', 'reconciles')"
    op.create_index(
        "uq_link_no_mirror_image",
        "link",
        [
            sa.text("(CASE WHEN from_id < to_id THEN from_id ELSE to_id END)"),
            sa.text("(CASE WHEN from_id < to_id THEN to_id ELSE from_id END)"),
            "relation",
            "asserted_by_id",
            sa.text(f"(CASE WHEN {symmetric} THEN 0 ELSE from_id END)"),
        ],
        unique=True,
    )


# The one update that is allowed empties what a revision says and keeps what the chain needs, so
# that a name can be erased and the chain still verifies.
_KEPT = ("seq", "at", "author", "change", "table_name", "op", "content_digest", "prev_hash", "hash")
_EMPTIED = ("row_key", "message", "before", "after", "salt")

_SQLITE = (
    f"""
    CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision
    WHEN NOT ({" AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in _KEPT)}
              AND {" AND ".join(f'NEW."{name}" IS NULL' for name in _EMPTIED)})
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    # INSERT OR REPLACE deletes without firing the delete trigger.
    """
    CREATE TRIGGER revision_no_replace BEFORE INSERT ON revision
    WHEN EXISTS (SELECT 1 FROM revision WHERE seq = NEW.seq OR hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
)

_POSTGRESQL = (
    f"""
    CREATE FUNCTION revision_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF {" AND ".join(f'NEW."{name}" IS NOT DISTINCT FROM OLD."{name}"' for name in _KEPT)}
               AND {" AND ".join(f'NEW."{name}" IS NULL' for name in _EMPTIED)} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'the log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER revision_no_change BEFORE UPDATE OR DELETE ON revision
    FOR EACH ROW EXECUTE FUNCTION revision_append_only()
    """,
    """
    CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision
    FOR EACH STATEMENT EXECUTE FUNCTION revision_append_only()
    """,
)


def _index_what_is_protected() -> None:
    protected = sa.text("protected")
    for table in ("actor", "document"):
        op.create_index(
            op.f(f"ix_{table}_protected"),
            table,
            ["protected"],
            sqlite_where=protected,
            postgresql_where=protected,
        )


def _make_the_log_append_only() -> None:
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
