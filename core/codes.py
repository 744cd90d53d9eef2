"""The closed lists of codes, as screens may know them: a face, so that a code is named once."""

from db.codes import *  # noqa: F403 - all of them, whatever rooms there will be
from db.codes import __all__ as __all__
