"""Labels for the parcels of a return: a sheet to print and cut, each with a QR code (C8)."""

from collections.abc import Iterator

from core.kernel.errors import NotFound
from core.kernel.unit_of_work import UnitOfWork
from core.papers.labels import drawn, picture, short, target
from core.papers.speech import Speech, Word
from core.people import company
from core.returns import view
from core.returns.view import ReturnView
from db.codes import Language

TITLE = {Language.ZH: "退换货包裹标签", Language.EN: "Parcel labels"}
PARCEL = {Language.ZH: "包裹", Language.EN: "Parcel"}


def labels(
    uow: UnitOfWork, *, case_id: int, word: Word, language: Language | None = None, base: str = ""
) -> bytes:
    """The labels of all parcels of a return as a Word file; NotFound where there are none.

    A code holds an address below `base`, where this company's browsers find the tool; without one
    the label alone. The page that scans takes both. `word` as for the papers.
    """
    found = view.view(uow, case_id=case_id)
    if not found.parcels:
        raise NotFound(subject="parcel", id=case_id)
    speech = Speech(language or uow.actor.language, uow.actor.zone_info, word)
    own = company.find(uow.session)
    codes = [picture(target(each.label, base)) for each in found.parcels]
    texts = list(_texts(found, speech, own.name if own else ""))
    return drawn(codes, texts, title=TITLE[speech.language], language=speech.language)


def _texts(found: ReturnView, speech: Speech, house: str) -> Iterator[tuple[str, ...]]:
    # Neither goods nor addresses: a parcel goes through many hands.
    for number, each in enumerate(found.parcels, 1):
        parcel = f"{PARCEL[speech.language]} {number}/{len(found.parcels)}"
        carrier = " ".join(filter(None, (each.carrier, each.tracking)))
        yield (
            short(house),
            found.number,
            f"{parcel} · {speech.code(each.direction)}",
            short(found.customer),
            short(carrier),
            each.label,
        )
