"""What is stored: tables, types, sessions, migrations. Imports nothing else of the project."""
