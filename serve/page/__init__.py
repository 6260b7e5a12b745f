"""The page for people: the same verdicts as the API, told in the reader's language."""
