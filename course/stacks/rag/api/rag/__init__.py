"""A small engine that answers questions from documents: retrieval-augmented generation without the generation.

web.py          HTTP: what comes in and goes out
library.py      the two things it can do: take documents in, answer a question
passages.py     documents are cut into passages
embedding.py    a text becomes a list of numbers
documents.py    PostgreSQL: documents and passages        vectors.py  Qdrant: the passages' numbers
cache.py        Redis: answers that were given already    memory.py   all three in memory, for a first try
"""
