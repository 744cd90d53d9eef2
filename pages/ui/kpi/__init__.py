"""The screens of kpi."""
