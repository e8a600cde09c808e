"""What can go wrong in a way that a person can mend. The message says what was wrong and what to do."""


class Problem(Exception):
    """Shown as one sentence on standard error, without a traceback."""

    exit_code = 1


class WrongCall(Problem):
    """The command's words or the settings are wrong: nothing was done."""

    exit_code = 2
