"""The screens of dispatch."""
