"""The FastAGI protocol to Asterisk: server and call session, nothing but protocol. Floor 1."""
