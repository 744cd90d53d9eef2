"""The norm model, the shipped packs and the dated revisions of a company's rule book."""
