"""The catalogue of products: what is known under which spelling, and what is new."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.kernel.unit_of_work import UnitOfWork
from db.tables import Product
from db.words import fold

MOST = 2000
# The warranty of a product that is new to the catalogue.
USUAL_MONTHS = 12
# Model and its specifications, by brand.
Catalogue = dict[str, dict[str, tuple[str, ...]]]


def plain_name(text: str) -> str:
    """A name as it is compared: no letter case, half width, no blanks."""
    return re.sub(r"\s", "", fold(text))


def known(uow: UnitOfWork) -> Catalogue:
    """What can be chosen: the models of each brand, with their specifications."""
    found: dict[str, dict[str, list[str]]] = {}
    names = (Product.brand, Product.model, Product.specification)
    for brand, model, text in uow.session.execute(select(*names).order_by(*names).limit(MOST)):
        found.setdefault(brand, {}).setdefault(model, []).append(text)
    return {
        brand: {model: tuple(texts) for model, texts in models.items()}
        for brand, models in found.items()
    }


def names(uow: UnitOfWork) -> dict[int, str]:
    """The products to choose from, each by its brand, model and specification."""
    columns = (Product.brand, Product.model, Product.specification)
    rows = uow.session.execute(select(Product.id, *columns).order_by(*columns).limit(MOST))
    return {id: " ".join(filter(None, texts)) for id, *texts in rows}


def spellings(session: Session, brands: Iterable[str]) -> list[str]:
    """The brands of the catalogue that are these but for letter case, width and blanks."""
    wanted = {plain_name(brand) for brand in brands}
    known_ones = session.scalars(select(Product.brand).distinct())
    return [brand for brand in known_ones if plain_name(brand) in wanted]


def find(session: Session, brand: str, model: str, specification: str = "") -> Product | None:
    """The product of this name, however it was spelt; None when it is not known."""
    names = {"brand": brand, "model": model, "specification": specification}
    exact = session.scalar(select(Product).filter_by(**names))
    if exact is not None:
        return exact
    asked = (plain_name(model), plain_name(specification))
    for each in _of_brand(session, brand):
        if (plain_name(each.model), plain_name(each.specification)) == asked:
            return each
    return None


def months_of(session: Session, brand: str, model: str) -> int:
    """The months of warranty of a product; the usual ones when it is new."""
    product = find(session, brand, model) if brand and model else None
    return product.warranty_months if product else USUAL_MONTHS


def product_of(session: Session, brand: str, model: str, specification: str = "") -> Product:
    """The catalogue's product, added when it is new, under the spelling of what is known."""
    found = find(session, brand, model, specification)
    if found is not None:
        return found
    alike = _of_brand(session, brand)
    brand = alike[0].brand if alike else brand
    asked = plain_name(model)
    model = next((each.model for each in alike if plain_name(each.model) == asked), model)
    names = {"brand": brand, "model": model, "specification": specification}
    product = Product(**names)
    try:
        with session.begin_nested():
            session.add(product)
    except IntegrityError:  # somebody else wrote the same new model down just now
        return session.scalars(select(Product).filter_by(**names)).one()
    return product


def _of_brand(session: Session, brand: str) -> list[Product]:
    brands = spellings(session, [brand])
    query = select(Product).where(Product.brand.in_(brands)).order_by(Product.id)
    return list(session.scalars(query)) if brands else []
