"""The screens of jobs."""
