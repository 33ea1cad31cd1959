"""`python -m cribdeck`: the same program as the installed `cribdeck`."""

from cribdeck.cli import main

if __name__ == "__main__":
    main(prog_name="cribdeck")
