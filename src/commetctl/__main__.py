"""`python -m commetctl`: the same as the `commetctl` command."""

from commetctl.cli import main

main()
