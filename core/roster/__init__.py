"""People and their time: qualifications, shifts, absences, regions."""
