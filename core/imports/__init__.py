"""Files of other systems brought in: read, mapped, previewed, imported whole or not at all."""
