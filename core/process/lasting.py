"""What may still come of a case that has ended: its files live on, and so do their time limits."""

from collections.abc import Collection, Iterable

# A file and the status in which it stands.
Standing = tuple[str, str]

# What can still come of a file once it stands there, but for its being opened again. In a status
# that is not named here everything may come that its rules know; nothing more comes after "".
LEFT = {
    "request": {"resolved": "closed remarked", "closed": "", "cancelled": ""},
    "job": {"done": "form_filed", "cancelled": ""},
    "follow_up": {"answered": "", "unreachable": "", "dropped": ""},
    "emergency": {"handled": "closed", "closed": ""},
    "emergency_resource": {"used": "returned", "refused": "", "returned": ""},
    "complaint": {
        "notified": "penalised penalties_settled improved closed linked",
        "penalised": "improved closed linked",
        "closed": "",
        "merged": "",
        "withdrawn": "",
    },
    "penalty": {"appealed": "upheld reduced lifted", "upheld": "", "reduced": "", "lifted": ""},
    "improvement": {"effective": ""},
    "quality": {"solved": "improved closed recalled", "closed": "", "withdrawn": ""},
    "suggestion": {"answered": "improved", "withdrawn": ""},
    "repeat_fault": {"settled": ""},
    "return": {"closed": "owed_paid stock_moved", "cancelled": ""},
}
# Files that come of others, as long as anything may still come of these.
COMES_OF = {
    "emergency_resource": ("emergency",),
    "penalty": ("complaint",),
    "improvement": ("complaint", "quality", "suggestion"),
}


def latest(rows: Iterable[tuple[str, int, str | None]]) -> tuple[Standing, ...]:
    """Where the files of a case stand, from its history, oldest first: subject, id, new status."""
    status = {(subject, id): new for subject, id, new in rows if new}
    return tuple((subject, new) for (subject, _id), new in status.items())


def may_come(facts: Iterable[str], standings: Collection[Standing]) -> bool:
    """Whether one of the facts may still come about, as the files stand."""
    return any(_may_come(fact, standings) for fact in facts)


def _may_come(fact: str, standings: Collection[Standing]) -> bool:
    subject, _, name = fact.partition(".")
    for file, status in standings:
        left = LEFT.get(file, {}).get(status)
        if file == subject and (left is None or name in left.split()):
            return True
        if file in COMES_OF.get(subject, ()) and left != "":
            return True
    return False
