"""Reports 服务报表: what the rule book asks for of each week, month or quarter, made and kept."""
