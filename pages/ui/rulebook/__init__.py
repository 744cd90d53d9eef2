"""The screens of rulebook."""
