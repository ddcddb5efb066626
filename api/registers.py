"""The public tables as pages: by which facets each is limited, which columns it shows, what labels its cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.columns import HEADS, KINDS, MEASURES
from api.subset import Facet, Register
from kg.tables import Row


@dataclass(frozen=True)
class Shown:
    """A register as a page: its title, a sentence on what a row is, and the columns of its table."""

    title: str
    lead: str
    register: Register
    columns: tuple[str, ...]

    @property
    def address(self) -> str:
        """The page's path."""
        return f"/{self.register.table}"

    def kind(self, column: str) -> str:
        """What labels the slugs of a column: what its facet says, else what such a column holds in every table."""
        facets = {facet.column: facet.kind for facet in self.register.facets}
        return facets.get(column) or KINDS.get(column) or column.replace("_", "-")

    def head(self, column: str) -> str:
        """What a column is called, in English."""
        return HEADS[column]

    def filled(self, rows: Sequence[Row]) -> list[str]:
        """The columns shown that are not empty in all of these rows; a measure may stand in several columns."""
        return [
            column
            for column in self.columns
            if any(row[column] or (column == "value" and any(row.get(other) for other in MEASURES)) for row in rows)
        ]


def _shown(told: tuple[str, str, str], facets: tuple[Facet, ...], texts: str, columns: str) -> tuple[str, Shown]:
    """Table, title and lead; the facets; the columns in which words are looked for; the columns shown."""
    table, title, lead = told
    return table, Shown(title, lead, Register(table, facets, tuple(texts.split())), tuple(columns.split()))


_AGREEMENT = Facet("agreement", "Agreement", "agreements")
_TOPIC = Facet("topic", "Topic", "topic", many=True)
_MODALITY = Facet("modality", "How firm", "modality")

_MEASURES = "sa:commitment/sa:"

REGISTERS: dict[str, Shown] = dict(
    (
        _shown(
            ("agreements", "Agreements", "The signed series, each read whole."),
            (
                Facet("signed", "Year", year=True),
                Facet("place", "Place", "places"),
                Facet("partner", "Partner", "parties", many=True),
                Facet("topic", "Commits on", "topic", many=True, via="commitments", path=f"{_MEASURES}topic"),
                Facet("modality", "How firm", "modality", via="commitments", path=f"{_MEASURES}modality"),
                Facet("legal_effect", "Legal effect", "legal-effect"),
                Facet("languages", "Language", many=True),
            ),
            "title",
            "signed partner title place term_years sources",
        ),
        _shown(
            (
                "commitments",
                "Commitments",
                "Who undertakes what for whom, how firmly, how much and for when; and reports of what was done.",
            ),
            (
                _TOPIC,
                Facet("obligor", "Obligor", "parties", many=True),
                _MODALITY,
                Facet("phase", "Phase", "phase"),
                Facet("form", "Form", "form"),
                Facet("currency", "Currency"),
                Facet("unit", "Counted in", "unit"),
                Facet("period_start", "From year", year=True),
                Facet("stated_in", "Stated in", "stated-in"),
                _AGREEMENT,
            ),
            "summary modality_words condition_text",
            "agreement obligor topic modality phase summary value period locator sources",
        ),
        _shown(
            (
                "statements",
                "Statements",
                "Who said what about whom, when, in which office, and where it was published.",
            ),
            (
                Facet("speaker", "Speaker", "officials", many=True),
                Facet("kind", "Kind", "statement-kind"),
                Facet("stance", "Stance", "stance"),
                Facet("about", "Says of", many=True),
                Facet("date", "Year", year=True),
            ),
            "summary outlet republisher",
            "date speaker office kind about stance summary locator sources",
        ),
        _shown(
            (
                "clauses",
                "Clauses",
                "What each agreement says on term, review, termination and the like, or that it is silent.",
            ),
            (
                Facet("clause", "Clause", "clause-kind"),
                Facet("state", "State", "clause-state"),
                Facet("qualifier", "Qualifier", "qualifier", many=True),
                _AGREEMENT,
            ),
            "summary",
            "agreement clause state value unit from trigger summary locator sources",
        ),
        _shown(
            ("provisions", "Provisions", "Places in the texts with what they are about."),
            (Facet("topics", "Topic", "topic", many=True), Facet("depth", "Depth", "depth"), _AGREEMENT),
            "summary heading",
            "agreement locator heading topics depth summary sources",
        ),
        _shown(
            ("signatures", "Signatures", "Who signed for which party, and in which office."),
            (
                Facet("party", "Party", "parties"),
                Facet("office", "Office", "office"),
                Facet("capacity", "Capacity", "capacity"),
                Facet("place", "Place", "places"),
                Facet("signed", "Year", year=True),
            ),
            "name",
            "signed agreement party official office place sources",
        ),
        _shown(
            (
                "events",
                "Events",
                "What happened to the agreements and around them: talks, signatures, votes, entries into force.",
            ),
            (
                Facet("kind", "Kind", "event-kind"),
                Facet("parties", "Party", "parties", many=True),
                Facet("date", "Year", year=True),
            ),
            "summary",
            "date kind instrument parties place summary sources",
        ),
        _shown(
            (
                "instruments",
                "Other instruments",
                "Declarations, memoranda and treaties that the agreements name or stand beside.",
            ),
            (
                Facet("kind", "Kind", "instrument-kind"),
                Facet("parties", "Party", "parties", many=True),
                Facet("signed", "Year", year=True),
            ),
            "title",
            "signed title kind parties place legal_effect sources",
        ),
        _shown(
            ("memberships", "Memberships", "Who belongs to which body, in which role, from when."),
            (
                Facet("body", "Body", "parties"),
                Facet("member", "Member", "parties"),
                Facet("role", "Role", "role"),
                Facet("start", "Year", year=True),
            ),
            "",
            "body member role start end sources",
        ),
        _shown(
            (
                "officials",
                "Officials",
                "Who signed or spoke, in public office only, with the tenures that sources show.",
            ),
            (Facet("office", "Office", "office"), Facet("of", "Of", "parties")),
            "name name_uk name_own",
            "official office of start end sources",
        ),
        _shown(
            ("parties", "Parties", "States, organisations and groups, with their identifiers."),
            (Facet("kind", "Kind", "party-kind"),),
            "name_en name_uk name_own iso3",
            "party name_uk kind iso3 wikidata cow gw",
        ),
        _shown(
            ("sets", "Counts", "How many agreements there are, by whose count, by which rule, on which day."),
            (Facet("counter", "Counted by", "parties"), Facet("as_of", "Year", year=True)),
            "rule",
            "as_of claimed listed counter rule sources",
        ),
        _shown(
            ("sources", "Sources", "Every text, release, report and page that a fact rests on."),
            (
                Facet("kind", "Kind", "source-kind"),
                Facet("language", "Language", many=True),
                Facet("read_via", "Read via", "read-via"),
                Facet("published", "Year", year=True),
            ),
            "title publisher",
            "published title publisher kind language",
        ),
        _shown(
            ("claims", "Claims", "Each value that a source gives where sources differ or say when they were heard."),
            (
                Facet("property", "Property"),
                Facet("rank", "Rank", "rank"),
                Facet("published", "Year", year=True),
            ),
            "subject value reason",
            "subject property value rank reason source locator published",
        ),
    )
)
