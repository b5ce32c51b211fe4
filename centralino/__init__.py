"""The front door: settings, wiring, migrations, supervisor, command line. Floor 8."""
