"""The call-flow language: its words (`model`), reading it with line numbers, and proving it right."""
