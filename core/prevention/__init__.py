"""Prevention 预防: repeat faults, Pareto of causes, measures and what they changed (A26, E16, S8)."""
