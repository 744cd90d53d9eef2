"""The words by which articles are found: of their question, and of those that they answered."""

from db.words import WordIndex

INDEX = WordIndex("knowledge_words", "article_id")
knowledge_words, write = INDEX.table, INDEX.write
