"""`python -m jiheng` is `jiheng`."""

from jiheng.cli import main

main()
