"""Jobs of technicians: dispatch, visits, reports."""
