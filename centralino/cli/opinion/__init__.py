"""`centralino opinion`: what customers think, in figures; samples, partners' contracts, goals."""

import typer

from centralino.cli.opinion import contracts, figures, goals, samples

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
figures.add_to(app)
samples.add_to(app)
goals.add_to(app)
app.add_typer(
    contracts.app, name="contract", help="Bonus and malus agreed with partners: check, keep, reckon."
)
