"""What no clause is about, as it is shown: each place with the words of its declaration."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import HERE, POLICY, Run

DECLARED = """
unregulated post.media[].people in ("crowd", "minors")
  says nb "Ingenting om folk." en "Nothing on people."

unregulated post.media[].kind in ("video")
  says nb "Ingenting om film." en "Nothing on films."

unregulated post.media[].decorative in (true)
  says nb "Ingenting om pynt." en "Nothing on decoration."

unregulated topic neutrality
  says nb "Ingenting om nøytralitet." en "Nothing on neutrality."
"""


def declared(folder: Path) -> Path:
    """Return a copy of the small policy that says more of what is not regulated."""
    policy = shutil.copytree(HERE / POLICY, folder / "havn")
    with (policy / "post.pol").open("a", encoding="utf-8") as file:
        file.write(DECLARED)
    return policy


def test_a_place_in_a_list_stands_with_its_own_words(run: Run, tmp_path: Path) -> None:
    media = [{"kind": "image", "people": "none"}, {"kind": "video", "people": "crowd"}]
    document = tmp_path / "p.json"
    document.write_text(json.dumps({"kind": "post", "id": "p", "media": media}))
    shown = run("eval", "--policy", declared(tmp_path), "--lang", "en", document).stdout
    said = shown.partition("Not regulated by the guideline\n")[2].splitlines()[:2]
    assert said == [
        "  Media 2 › People shown  /media/1/people  Nothing on people.",
        "  Media 2 › Sort  /media/1/kind  Nothing on films.",
    ]
    assert "neutrality" not in shown


def test_the_traceability_report_has_values_and_topics(run: Run, tmp_path: Path) -> None:
    made = run("report", "traceability", "--policy", declared(tmp_path), "--lang", "nb",
               "--format", "md").stdout  # fmt: skip
    for row in (
        "| Medier › Avbildede: En folkemengde, Barn eller unge |",
        "| Medier › Pynt: ja |",
        "| neutrality | Ingenting om nøytralitet. |",
    ):
        assert row in made
