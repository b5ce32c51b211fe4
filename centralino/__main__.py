"""`python -m centralino`."""

from centralino.cli.main import main

if __name__ == "__main__":
    main()
