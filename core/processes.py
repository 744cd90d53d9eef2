"""Every process of the house, and the facts that they bring about."""

from core import followups, improvements, jobs
from core.complaints import actions as complaints
from core.complaints import penalties
from core.emergencies import actions as emergencies
from core.emergencies import resources
from core.quality import actions as quality
from core.requests import actions as requests
from core.returns import actions as returns
from core.suggestions import actions as suggestions

PROCESSES = (
    *(requests.PROCESS, jobs.PROCESS, followups.PROCESS),
    *(emergencies.PROCESS, resources.PROCESS),
    *(complaints.PROCESS, penalties.PROCESS, improvements.PROCESS),
    *(quality.PROCESS, suggestions.PROCESS, returns.PROCESS),
)
# What begins a case stands in no table: there is no status yet that it could change.
REGISTERED = "request.registered"


def known_facts() -> frozenset[str]:
    """Every fact that can start or meet a limit."""
    return frozenset({REGISTERED}).union(
        f"{process.subject}.{rule.fact}" for process in PROCESSES for rule in process.rules
    )
