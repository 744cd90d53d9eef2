"""What every room stands on: units of work, inputs, errors, files."""
