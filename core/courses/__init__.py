"""Training of customers: courses, who takes part, exams, certificates, trials on record (C11)."""
