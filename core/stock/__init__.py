"""Parts: the catalogue, the stock of stores and vans, orders, what was used, counts."""
