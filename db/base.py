"""The declarative base: one naming convention, so that migrations can name what they drop."""

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """A stored noun."""

    metadata = MetaData(naming_convention=NAMING)


class Versioned:
    """A record that people edit: two of them at once are told apart by its version."""

    version: Mapped[int] = mapped_column(default=1)
