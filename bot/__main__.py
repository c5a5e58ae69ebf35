"""`python -m bot` is the command `kanbao`."""

from bot.cli import main

main()
