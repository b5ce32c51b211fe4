"""`centralino survey`: surveys and polls, whom they ask, what was answered."""

import typer

from centralino.cli.survey import asking, making, polling

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

app.command("list")(making.list_surveys)
app.command("show")(making.show_survey)
app.command("set-up")(making.set_up)
app.command("questionnaires")(making.questionnaires)
app.command("interviews")(asking.interviews)
app.add_typer(polling.app, name="poll", help="Ask about a problem where it is thought to be.")
