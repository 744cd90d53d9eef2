"""Prevention 预防: repeat faults, Pareto of causes, measures (A26, E16, S8)."""
