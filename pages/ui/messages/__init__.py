"""The screens of messages to customers."""
