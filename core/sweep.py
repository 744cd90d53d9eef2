"""What the serving process does once a minute, safe with several processes at once."""

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from core import forms
from core.unit_of_work import system_actor, unit_of_work

# Errors of a database that is busy or away: they pass.
PASSING = (DBAPIError,)


def run(engine: Engine) -> None:
    """Drop what nobody needs any more."""
    with unit_of_work(engine, system_actor(), write=True) as uow:
        forms.forget_old(uow)
