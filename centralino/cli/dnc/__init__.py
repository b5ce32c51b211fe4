"""`centralino dnc`: who is not to be called: the house's list, public registers, exclusions, holds."""

import typer

from centralino.cli.dnc import entries, holding, loading

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("add")(entries.add)
app.command("remove")(entries.remove)
app.command("show")(entries.show)
app.command("exclude")(entries.leave_out)
app.command("import")(loading.read_in)
app.command("hold")(holding.keep)
app.command("lift")(holding.end)
