"""`python -m cribdeck`: the same program as the installed `cribdeck`."""

from cribdeck.cli.process import run

if __name__ == "__main__":
    run()
