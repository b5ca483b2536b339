"""One module a command: `declarer` its arguments, `executer` it. Heavy imports stay inside `executer`."""
