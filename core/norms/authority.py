"""Who may decide about how much money, as the rule book says (E14, C8, E24)."""

from core.norms.model import Norm
from core.norms.parts import ApprovalLevel
from db.codes import Role

# Where the rule book names nobody, and who decides at least after a complaint was reopened.
USUAL = (Role.MANAGER, Role.LEADER)


def levels_of(norm: Norm, what: str, cents: int) -> tuple[ApprovalLevel, ...]:
    """The levels that may approve an amount: the first one that reaches it, and higher ones."""
    asked = [level for level in norm.approvals if level.what == what]
    asked.sort(key=lambda level: (level.up_to_cents is None, level.up_to_cents or 0))
    return tuple(
        level for level in asked if level.up_to_cents is None or cents <= level.up_to_cents
    )


def limit_of(norm: Norm, what: str, role: Role | None) -> int | None:
    """Up to how many cents a role may decide alone; None without an end, 0 for nothing.

    Where the book is silent the usual roles may.
    """
    asked = [level for level in norm.approvals if level.what == what]
    if not asked:
        return None if role in USUAL else 0
    mine = [level.up_to_cents for level in asked if level.role is role]
    return None if None in mine else max((each for each in mine if each), default=0)
