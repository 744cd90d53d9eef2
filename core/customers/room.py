"""The room of customers: what they own has a life of its own."""

from core.customers.life import PROCESS
from core.process.room import Room

ROOM = Room("customers", processes=(PROCESS,))
