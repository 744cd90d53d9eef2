"""The house: every room, the lowest first. The only place of core that knows them all."""

from core.billing import room as billing
from core.care import room as care
from core.complaints import room as complaints
from core.contracts import room as contracts
from core.courses import room as courses
from core.customers import room as customers
from core.emergencies import room as emergencies
from core.followups import room as followups
from core.improvements import room as improvements
from core.jobs import room as jobs
from core.knowledge import room as knowledge
from core.links import room as links
from core.mail import room as mail
from core.maintenance import room as maintenance
from core.meetings import room as meetings
from core.messages import room as messages
from core.notices import room as notices
from core.online import room as online
from core.points import room as points
from core.prevention import room as prevention
from core.process.room import House
from core.quality import room as quality
from core.requests import room as requests
from core.returns import room as returns
from core.roster import room as roster
from core.stock import room as stock
from core.suggestions import room as suggestions
from core.tools import room as tools
from core.workshop import room as workshop

HOUSE = House(
    (
        notices.ROOM,
        customers.ROOM,
        improvements.ROOM,
        roster.ROOM,
        contracts.ROOM,
        points.ROOM,
        requests.ROOM,
        jobs.ROOM,
        stock.ROOM,
        tools.ROOM,
        billing.ROOM,
        followups.ROOM,
        emergencies.ROOM,
        complaints.ROOM,
        quality.ROOM,
        suggestions.ROOM,
        returns.ROOM,
        prevention.ROOM,
        maintenance.ROOM,
        workshop.ROOM,
        care.ROOM,
        links.ROOM,
        messages.ROOM,
        mail.ROOM,
        online.ROOM,
        knowledge.ROOM,
        courses.ROOM,
        meetings.ROOM,
    )
)
