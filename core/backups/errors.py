"""What keeps a copy from being made, or from being brought back."""

from db.codes import BackupProblem


class BackupRefused(Exception):
    """No copy was made, or none was brought back: why, and where or as the system says it."""

    def __init__(self, problem: BackupProblem, said: object = "") -> None:
        super().__init__(problem, str(said))
        self.problem = problem
        self.said = str(said)
