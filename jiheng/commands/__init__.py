"""The verbs of the command line, a module each; `jiheng.cli` puts them together."""
