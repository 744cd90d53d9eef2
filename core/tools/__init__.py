"""Tools and equipment: who has them, who may use them, checks and faults (D14)."""
