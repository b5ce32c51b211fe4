"""How the tables came to be what they are. `centralino.migrate` applies it; `revision` writes new steps."""
