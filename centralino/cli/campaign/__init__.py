"""`centralino campaign`: make campaigns, tune them while they run, hold them, and see who changed what."""

import typer

from centralino.cli.campaign import holding, looking, making

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("list")(looking.list_campaigns)
app.command("show")(looking.show_campaign)
app.command("create")(making.create_campaign)
app.command("set")(making.set_campaign)
app.command("pause")(holding.hold)
app.command("resume")(holding.resume)
app.command("history")(looking.history)
app.command("undo")(making.undo)
app.command("clone")(making.clone_campaign)
app.command("archive")(holding.put_away)
app.command("unarchive")(holding.take_out)
app.command("modes")(looking.modes)
