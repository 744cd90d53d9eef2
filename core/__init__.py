"""What may happen: the verbs of after-sales service over the tables of db."""
