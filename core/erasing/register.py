"""What is stored about whom: told by the tables themselves, so that no column is forgotten.

Keys to other rows, codes, numbers, days and instants are facts of their row. Each column that holds
a text, data or bytes is named here with what it may say of a person.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from sqlalchemy import JSON, Column, Enum, LargeBinary, String, Table

from core.erasing.retention import RULES
from db.tables import Base, Customer, Person, Supplier


class Whom(StrEnum):
    """Of whom the rows of a table tell."""

    CUSTOMERS = "customers"
    STAFF = "staff"
    BOTH = "customers and staff"
    SUPPLIERS = "suppliers"
    NOBODY = "nobody"


class What(StrEnum):
    """What a column may say of a person."""

    NAME = "names"
    REACH = "telephone numbers and addresses"
    WORDS = "words that may name anybody"
    DEVICE = "devices and network addresses"
    DRAWN = "pictures, signatures and papers"
    SECRET = "secrets, or digests of them"
    FACT = "facts, codes, numbers and keys"


@dataclass(frozen=True)
class Stored:
    """One table: of whom, what, in which columns, and after how many days it goes by itself."""

    table: str
    about: str
    whom: Whom
    columns: dict[What, tuple[str, ...]]
    days: int | None


# What a column of this name may say, in whatever table it stands.
NAMED = {
    What.NAME: "name contact named signed_by handed_over_by given_to agreed_by "
    "confirmed_by username issuer outside_name sender_name accepted_by",
    What.REACH: "phone email address place carrier tracking sender sender_key",
    What.WORDS: "note reason finding what text symptom instructions cause work_done opinion "
    "other_needs told happened lesson nature used_for sample solution_note report diagnosis "
    "condition condition_back accessories shelf recycled_to lent appeal review question "
    "unticked_reason form_fault explained discount_reason difference_reason difference refused "
    "title headline contract task topic measure resource hotline answer extra data old new typed "
    "result said parts decision frozen retest tools_wanted case_part reference "
    "scope work wish_text answers body",
    What.DEVICE: "agent browser channel came_from",
    What.DRAWN: "content file_name paper_name scan_name signature mime scan_mime",
    What.SECRET: "cookie_key token secret password_hash digest hash previous_hash seal "
    "signed_what agreed_what accepted_what scan_digest paper_digest link_digest",
    What.FACT: "approvers batch brand case_class category check_list clause code_roles "
    "department dimension fact fault_area fault_codes figure folder form ids invoice invoice_key "
    "invoice_no item key kind label map_name model name_key new_serial noun number old_serial pack "
    "part pauses phone_end phone_key piece qualification refund_ref region retention role serial "
    "serial_end serial_key series side source source_ref specification subject action time_zone "
    "unit trainers value writers zone plan kinds rule scores paper starts ends break_starts "
    "break_ends occasions quiet_from quiet_to public_address letter_hash message_id certificate_no",
}
KNOWN = {name: what for what, names in NAMED.items() for name in names.split()}
NAMES_OF_THINGS = (
    *("parts", "regions", "prices", "limits", "tools", "quote_lines", "reports", "import_maps"),
    *("company", "stations"),
)
# Where a name says something else than elsewhere.
OWN = {
    "sign_in_attempts.name": What.SECRET,
    "sign_in_attempts.address": What.DEVICE,
    "sign_ins.address": What.DEVICE,
    "access_events.address": What.DEVICE,
    "access_events.about": What.FACT,
    "customer_messages.about": What.FACT,
    "mail_boxes.address": What.FACT,
    "mails.subject": What.WORDS,
    "online_requests.product": What.WORDS,
    "purchases.invoice_no": What.FACT,
    "backup_runs.place": What.FACT,
    "stock_places.key": What.FACT,
    **dict.fromkeys((f"{table}.name" for table in NAMES_OF_THINGS), What.FACT),
}
# Without a key to whom they tell of.
APART = {
    "online_requests": Whom.CUSTOMERS,
    "sign_in_attempts": Whom.STAFF,
    "suppliers": Whom.SUPPLIERS,
    "drafts": Whom.BOTH,
}


def rows() -> tuple[Stored, ...]:
    """Every table; KeyError for a column that nobody has said anything about."""
    days = {at.class_.__tablename__: usual for at, usual in RULES.values()}
    return tuple(
        Stored(name, _about(table), _whom(table), _columns(table), days.get(name))
        for name, table in sorted(Base.metadata.tables.items())
    )


def markdown() -> str:
    """The register as a document."""
    lines = [
        "# What is stored about whom",
        "",
        "Made by `python -m core stored`; do not edit by hand. A table that names no days is",
        "kept as long as the company is; a person is erased on request. Days are the usual ones:",
        "*Sign-ins* sets others.",
    ]
    for whom in Whom:
        lines += [
            "",
            f"## {whom.capitalize()}",
            "",
            "| table | what it is | what it holds | days |",
        ]
        lines.append("|---|---|---|---|")
        lines += [_line(each) for each in rows() if each.whom is whom]
    return "\n".join(lines) + "\n"


def _line(each: Stored) -> str:
    held = {kind: names for kind, names in each.columns.items() if kind is not What.FACT}
    told = [f"{kind}: {', '.join(names)}" for kind, names in held.items()]
    said = "; ".join(told) or "facts only"
    return f"| {each.table} | {each.about} | {said} | {each.days or ''} |"


def _about(table: Table) -> str:
    mappers = [each for each in Base.registry.mappers if each.local_table is table]
    said = [(each.class_.__doc__ or "").strip() for each in mappers]
    return (said[0] if said else "A list that ties two tables.").splitlines()[0]


def _columns(table: Table) -> dict[What, tuple[str, ...]]:
    found: dict[What, list[str]] = {}
    for column in table.columns:
        found.setdefault(what(column), []).append(column.name)
    return {each: tuple(found[each]) for each in What if each in found}


def what(column: Column[object]) -> What:
    """What a column may say of a person; KeyError where nobody has said so."""
    if column.foreign_keys or isinstance(column.type, Enum) or not is_told(column):
        return What.FACT
    return OWN.get(str(column)) or KNOWN[column.name]


def is_told(column: Column[object]) -> bool:
    """Whether a column holds a text, data or bytes, and so has to be named here."""
    return isinstance(getattr(column.type, "impl", column.type), (String, JSON, LargeBinary))


def _whom(table: Table) -> Whom:
    if table.name in APART:
        return APART[table.name]
    of_customers = table.name in _below(Customer.__tablename__)
    of_staff = table.name == Person.__tablename__ or _names(table, Person.__tablename__)
    if of_customers and of_staff:
        return Whom.BOTH
    if of_customers or of_staff:
        return Whom.CUSTOMERS if of_customers else Whom.STAFF
    return Whom.SUPPLIERS if _names(table, Supplier.__tablename__) else Whom.NOBODY


@cache
def _below(parent: str) -> frozenset[str]:
    """A table, and all whose rows hang on rows of it, however far down."""
    found, level = {parent}, {parent}
    while level:
        level = {
            name
            for name, table in Base.metadata.tables.items()
            if name not in found and any(_names(table, each) for each in level)
        }
        found |= level
    return frozenset(found)


def _names(table: Table, parent: str) -> bool:
    return any(key.column.table.name == parent for c in table.columns for key in c.foreign_keys)
