"""Reading and writing files: each is written completely or not at all, and checked when read. Imports no other room."""
