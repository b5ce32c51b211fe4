"""The whole of Wind's 2009 through the real code, on virtual time and a simulated telephone network."""
