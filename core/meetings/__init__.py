"""Meetings 例会: figures frozen at a moment, decisions carried on until they are done."""
