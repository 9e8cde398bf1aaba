"""A publishing system asks before it publishes: one function, no framework."""

from dataclasses import dataclass

from somepolicy import Decision, InvalidDocument, evaluate, in_language


@dataclass(frozen=True)
class Answer:
    """What the system does next, and what it tells the person at the keyboard."""

    publish: bool
    lines: tuple[str, ...]


def ask(document: dict[str, object], language: str = "nb") -> Answer:
    try:
        decision = evaluate(document)
    except InvalidDocument as error:
        return Answer(publish=False, lines=tuple(str(each) for each in error.errors))
    return Answer(publish=decision.allowed, lines=tuple(_lines(decision, language)))


def _lines(decision: Decision, language: str) -> list[str]:
    locators = {citation.clause: citation.locator for citation in decision.citations}
    lines = []
    for finding in decision.findings:
        clauses = ", ".join(f"{name} ({locators[name]})" for name in finding.clauses)
        message = in_language(finding.message, language)
        lines.append(f"{'!' if finding.blocking else '-'} {message} [{clauses}]")
        if finding.blocking and finding.remedy:
            lines.append(f"  → {in_language(finding.remedy, language)}")
        if finding.missing:
            lines.append(f"  ? {', '.join(finding.missing)}")
    return lines


if __name__ == "__main__":
    import json
    import sys
    from pathlib import Path

    for name in sys.argv[1:]:
        answer = ask(json.loads(Path(name).read_text(encoding="utf-8")))
        print(f"{name}: {'publish' if answer.publish else 'stop'}")
        print("\n".join(answer.lines))
