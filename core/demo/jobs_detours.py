"""What goes another way: remarks, cancelled requests, help by phone, other technicians."""

from datetime import datetime

from core.demo import deeds, words
from core.demo.followups import FollowUpStory
from core.demo.story import Story
from core.demo.world import fresh
from core.jobs import actions as jobs
from core.requests import inputs
from db.codes import Charge, ChargeReason, Role, WaitReason
from db.tables import ServiceRequest


def remark(story: Story, at: datetime) -> None:
    """The customer rings again, and the agent writes it down."""
    if deeds.is_open(story.world, story.case_id):
        agent = story.world.someone(Role.AGENT, story.branch)
        note = story.world.choose(words.REMARKS)
        deeds.act(story.world, agent, at, story.case_id, inputs.Remark(note=note))


def cancel(story: Story, at: datetime) -> None:
    """The customer no longer wants it."""
    agent = story.world.someone(Role.AGENT, story.branch)
    note = story.world.choose(words.CANCELLED)
    deeds.act(story.world, agent, at, story.case_id, inputs.Cancel(note=note))


def guide(story: Story, at: datetime) -> None:
    """Help by phone settles it: nobody has to go."""
    agent = story.world.someone(Role.AGENT, story.branch)
    answer = inputs.Answer(answer=story.world.choose(words.REMOTE))
    deeds.act(story.world, agent, at, story.case_id, answer)
    FollowUpStory(story.world, story.branch, story.case_id, story.trouble).plan()


def give_away(story: Story, at: datetime) -> None:
    """The agent who took the call hands it over by name."""
    owner = fresh(story.world, ServiceRequest, story.case_id).owner_id
    team = story.world.people[Role.AGENT, story.branch.name]
    other = next(agent for agent in team if agent.id != owner)
    note = story.world.choose(words.HANDED_OVER)
    command = inputs.HandOver(owner_id=other.id or 0, note=note)
    deeds.act(story.world, story.world.choose(team), at, story.case_id, command)


def show_goodwill(story: Story, at: datetime) -> None:
    """A manager lets the customer off the price."""
    if fresh(story.world, ServiceRequest, story.case_id).charge is Charge.PAID:
        manager = story.world.someone(Role.MANAGER)
        command = inputs.WaiveCharge(
            charge_reason=ChargeReason.GOODWILL, given_up_cents=150_00, note=words.LET_OFF
        )
        deeds.act(story.world, manager, at, story.case_id, command)


def withdraw(story: Story, at: datetime) -> None:
    """The job is taken back: the request waits for dispatch again."""
    dispatcher = story.world.someone(Role.DISPATCHER, story.branch)
    command = jobs.WithdrawJob(note=words.WITHDRAWN)
    deeds.work(story.world, dispatcher, at, story.case_id, command)


def reassign(story: Story, at: datetime) -> None:
    """Somebody else is sent."""
    team = story.world.people[Role.TECHNICIAN, story.branch.name]
    story.technician = next(each for each in team if each is not story.technician)
    dispatcher = story.world.someone(Role.DISPATCHER, story.branch)
    command = jobs.Reassign(technician_id=story.technician.id or 0, note=words.REASSIGNED)
    deeds.work(story.world, dispatcher, at, story.case_id, command)


def wait_for_part(story: Story, at: datetime) -> None:
    """A part is missing: the limits stand still."""
    part = (story.fault.part if story.fault else "") or words.SOME_PART
    note = words.PARTS_WAIT.format(part=part)
    command = inputs.Wait(reason=WaitReason.PART, note=note)
    deeds.act(story.world, story.worker(), at, story.case_id, command)


def wait_for_customer(story: Story, at: datetime) -> None:
    """The customer is away: the limits stand still."""
    note = story.world.choose(words.CUSTOMER_WAIT)
    command = inputs.Wait(reason=WaitReason.CUSTOMER, note=note)
    deeds.act(story.world, story.worker(), at, story.case_id, command)


WAITS = {"part": wait_for_part, "customer": wait_for_customer}


def resume(story: Story, at: datetime) -> None:
    """What was waited for has come."""
    dispatcher = story.world.someone(Role.DISPATCHER, story.branch)
    command = inputs.Resume(note=words.PARTS_HERE)
    deeds.act(story.world, dispatcher, at, story.case_id, command)
