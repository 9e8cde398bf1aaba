"""A publishing system asks, and every answer is in the decision log before it is given."""

from pathlib import Path

from somepolicy import InvalidDocument, LogError, Policy, logged, open_log


class Gate:
    """Decides with a policy and keeps a log. One for the whole process; threads may share it."""

    def __init__(self, policy: Policy, log: str | Path) -> None:
        self.log = open_log(log)  # a path or sqlite:///PATH; made where it is not there
        self.decide = logged(policy, self.log)

    def may_publish(self, document: dict[str, object]) -> bool:
        """Whether to publish. Without an entry in the log there is no yes."""
        try:
            return self.decide(document).allowed
        except (InvalidDocument, LogError) as error:
            print(error)
            return False


if __name__ == "__main__":
    import json
    import sys

    from somepolicy.installed import installed_policy

    gate = Gate(installed_policy(), sys.argv[1])
    for name in sys.argv[2:]:
        document = json.loads(Path(name).read_text(encoding="utf-8"))
        print(f"{name}: {'publish' if gate.may_publish(document) else 'stop'}")
    print(f"head of the log: {gate.log.head()}")
