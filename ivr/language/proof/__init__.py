"""The proof that a flow is right, a module for each kind of question asked of it."""
