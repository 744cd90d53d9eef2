"""The room of customers: what they own has a life of its own, and what they bought is on file."""

from core.customers import invoices, life
from core.process.room import Room

ROOM = Room("customers", processes=(life.PROCESS, invoices.PROCESS))
