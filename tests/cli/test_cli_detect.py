"""`detect`: what is found in a document or a plain text, with its place and without itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from somepolicy.cli.commands import detect as command
from tests.cli.conftest import POLICY, Run

BERGEN = Path(__file__).parents[2] / "policy" / "bergen"
MANIFEST = tomllib.loads((BERGEN / "policy.toml").read_text(encoding="utf-8"))
NAMED = f"{MANIFEST['name']} {MANIFEST['version']}"
FJELLVIK = Path(__file__).parents[2] / "examples" / "policies" / "fjellvik"
EXAMPLES = Path(__file__).parents[2] / "examples"
SYNTHETIC = "06871568659"  # month + 80: nobody's
TELEPHONE = "499 07 531"  # in a range that is not assigned


@pytest.fixture(autouse=True, scope="module")
def _policies_are_read_once() -> Iterator[None]:
    """To read Bergen's policy takes longer than all else here, and no test changes a policy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "load_policy", cache(command.load_policy))
        yield


def detect(run: Run, *args: object, stdin: bytes | str = b"") -> Any:
    return run("detect", "--policy", BERGEN, *args, stdin=stdin)


def found(run: Run, *args: object, stdin: bytes | str = b"") -> list[dict[str, Any]]:
    result = detect(run, *args, "--format", "json", stdin=stdin)
    records: list[dict[str, Any]] = json.loads(result.stdout)["found"]
    assert result.exit_code == bool(records)
    assert result.stderr == ""
    return records


def post(**fields: object) -> str:
    document = json.loads((EXAMPLES / "post" / "road-closure.json").read_text(encoding="utf-8"))
    return json.dumps(document | fields)


# --- what it shows


def test_nothing_found(run: Run) -> None:
    result = detect(run, EXAMPLES / "post" / "road-closure.json")
    assert (result.exit_code, result.stdout, result.stderr) == (
        0,
        f"{NAMED}: Nothing found.\n",
        "",
    )


def test_text_for_people(run: Run) -> None:
    result = detect(run, "-", "--synthetic", stdin=f"Hei!\nFnr. {SYNTHETIC}, ring {TELEPHONE}.\n")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "national identity number  certain  2:6, characters 10–21",
        "    ###########",
        "    identity_numbers",
        "telephone number  weak sign  2:24, characters 28–38",
        "    ### ## ###",
        "    telephones",
        f"{NAMED}: 2 found",
    ]


def test_in_norwegian(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "nb_NO.UTF-8")
    assert detect(run, "-", stdin="Hei").stdout == f"{NAMED}: Ingenting funnet.\n"
    shown = detect(run, "-", stdin=TELEPHONE).stdout
    assert "telefonnummer  svakt tegn  1:1, tegn 0–10" in shown
    shown = detect(run, "-", stdin="Foto: Kari Nordmann").stdout
    assert "kreditering  sterkt tegn" in shown
    assert "«foto»" in shown
    assert "credit line" not in shown


def test_json(run: Run) -> None:
    result = detect(run, "-", "--format", "json", stdin=f"Hei!\r\nRing {TELEPHONE}")
    assert json.loads(result.stdout)["found"] == [
        {
            "source": "-",
            "pointer": None,
            "line": 2,
            "column": 6,
            "span": [11, 21],
            "strength": "weak",
            "detector": "telephone",
            "function": "telephones",
            "version": "1",
            "masked": "### ## ###",
            "reason": "Find telephone numbers that are not the municipality's own.",
        }
    ]


def test_json_says_what_was_called(run: Run) -> None:
    plain = json.loads(detect(run, "-", "--format", "json", stdin="Hei").stdout)
    assert plain["found"] == []
    assert "identity_numbers" in plain["functions"]
    assert not {"alt_text_problems", "hard", "language_of", "own_link"} & {*plain["functions"]}
    document = json.loads(detect(run, "-", "--format", "json", stdin=post()).stdout)
    assert {*document["functions"]} - {*plain["functions"]} == {"alt_text_problems"}


def test_the_matched_text_is_never_shown(run: Run) -> None:
    text = f"Fnr {SYNTHETIC}, post til kari.nordmann@example.org, ring {TELEPHONE}"
    for form in ("text", "json"):
        shown = detect(run, "-", "--format", form, stdin=text).stdout
        assert not re.search(r"\d{5}|kari|499|531", shown)


def test_no_word_of_the_text_but_its_kind(run: Run) -> None:
    records = found(run, "-", stdin="Sønnen min, Odd Halsnes, har fått en diagnosekode.")
    assert [each["masked"] for each in records] == ["health term near a name"]


# --- documents


def test_every_text_of_a_document(run: Run) -> None:
    document = post(
        text={"body": f"Ring {TELEPHONE}"},
        quotes=[{"text": "Hei"}, {"text": f"Nei, {TELEPHONE}"}],
        media=[
            {"id": "a", "kind": "image", "alt": f"Ring {TELEPHONE}"},
            {"id": "b", "kind": "image"},
            {"id": "c", "kind": "image", "alt": "IMG_2031.jpg"},
        ],
    )
    places = {(each["pointer"], each["detector"]) for each in found(run, "-", stdin=document)}
    assert places == {
        ("/text/body", "telephone"),
        ("/quotes/1/text", "telephone"),
        ("/media/0/alt", "telephone"),
        ("/media/0/alt", "alt_text"),  # the same as the body
        ("/media/2/alt", "alt_text"),
    }


def test_a_document_has_no_lines(run: Run) -> None:
    record = found(run, "-", stdin=post(text={"body": f"Hei!\nRing {TELEPHONE}"}))[0]
    assert (record["line"], record["column"], record["span"]) == (None, None, [10, 20])


def test_the_texts_are_those_that_the_rules_search(run: Run) -> None:
    answer = FJELLVIK / "examples" / "message" / "case-answer.json"
    options = ["--policy", FJELLVIK, answer, "--format", "json"]
    for synthetic, strength in (((), "weak"), (("--synthetic",), "hard")):
        result = run("detect", *options, *synthetic)
        places = [
            (each["pointer"], each["strength"]) for each in json.loads(result.stdout)["found"]
        ]
        assert (result.exit_code, places) == (1, [("/wording", strength)])


def test_a_private_post(run: Run) -> None:
    text = {"body": "Her uttaler jeg meg på vegne av Bergen kommune."}
    document = json.dumps({"kind": "private_post", "id": "p", "job_related": False, "text": text})
    assert [each["detector"] for each in found(run, "-", stdin=document)] == ["impersonation"]


def test_a_document_of_null_and_nothing(run: Run) -> None:
    media = [{"id": "a", "kind": "image", "alt": None}]
    document = {"kind": "private_post", "id": "p", "job_related": False, "media": media}
    document["text"] = None
    assert found(run, "-", stdin=json.dumps(document)) == []


def test_several_documents(run: Run, tmp_path: Path) -> None:
    body = {"body": f"Ring {TELEPHONE}"}
    file = tmp_path / "posts.ndjson"
    file.write_text(f"{post()}\n{post(text=body)}\n{post(text=body)}\n", encoding="utf-8")
    assert [each["source"] for each in found(run, file)] == [f"{file}:2", f"{file}:3"]
    assert re.sub(r"\s+", " ", detect(run, file).stdout).count(f"{file.name}:2 /text/body,") == 1
    listed = tmp_path / "posts.json"
    listed.write_text(f"[{post()}, {post(text=body)}]", encoding="utf-8")
    assert [each["source"] for each in found(run, listed)] == [f"{listed}#/1"]


def test_a_policy_without_lists_has_fewer_detectors(run: Run) -> None:
    result = run("detect", "--policy", POLICY, "-", "--format", "json", stdin="Hei")
    assert "identity_numbers" in json.loads(result.stdout)["functions"]
    assert "telephones" not in json.loads(result.stdout)["functions"]


# --- options


def test_test_numbers_are_weak_unless_they_count(run: Run) -> None:
    assert [each["strength"] for each in found(run, "-", stdin=SYNTHETIC)] == ["weak"]
    counted = found(run, "-", "--synthetic", stdin=SYNTHETIC)
    assert [each["strength"] for each in counted] == ["hard"]


def test_as_of(run: Run) -> None:
    by_the_rule_of_2032 = "15885910103"  # month + 80; the first check digit leaves remainder 1

    def strength(*args: str, stdin: str = by_the_rule_of_2032) -> str:
        return str(found(run, "-", "--synthetic", *args, stdin=stdin)[0]["strength"])

    assert strength("--as-of", "2031-12-31") == "strong"
    assert strength("--as-of", "2032-01-01") == "hard"
    document = post(text={"body": by_the_rule_of_2032}, as_of="2033-01-01T10:00:00+01:00")
    assert strength(stdin=document) == "hard"
    assert strength("--as-of", "2026-11-22", stdin=document) == "strong"


# --- files and bad input


def test_a_file_of_plain_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "utkast.txt"
    file.write_bytes(f"\ufeffRing {TELEPHONE}".encode())
    assert [(each["line"], each["column"]) for each in found(run, file)] == [(1, 6)]
    file.write_bytes(b"")
    result = detect(run, file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no text to search" in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        f"{{ {SYNTHETIC}",
        f'{{"kind": {SYNTHETIC}}}',
        f'["{SYNTHETIC}"]',
        f'"{SYNTHETIC}"',
        f'12 "{SYNTHETIC}"',
    ],
)
def test_standard_input_that_is_no_object_is_plain_text(run: Run, text: str) -> None:
    assert [each["pointer"] for each in found(run, "-", stdin=text)] == [None]


@pytest.mark.parametrize(
    ("name", "raw", "told"),
    [
        ("a.json", b"{", "a.json"),
        ("a.json", b'"tekst"', "an object"),
        ("a.json", b'{"kind": "post"}', "D302"),
        ("a.txt", b"\xff", "byte 0 is not UTF-8"),
        ("a.ndjson", b"", "the text is empty"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_bad_input(run: Run, tmp_path: Path, name: str, raw: bytes, told: str, form: str) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    result = detect(run, file, "--format", form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize("name", ["nowhere.txt", "nowhere.json", "documents", ""])
def test_what_is_no_file(run: Run, name: str) -> None:
    result = detect(run, name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Traceback" not in result.stderr


def test_a_kind_without_a_text_that_is_searched_is_refused(run: Run) -> None:
    result = run("detect", "--policy", POLICY, Path(__file__).parent / "documents" / "allowed.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no rule of the policy havn searches a text of a post" in result.stderr


def test_what_readers_see_is_searched_for_what_the_rules_ask_of_it(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "post.json"
    file.write_text(post(hashtags=["Foto: Kari", TELEPHONE], links=[]), encoding="utf-8")
    pointers = {each["pointer"] for each in found(run, file)}
    assert pointers == {"/hashtags/1"}  # no rule asks for credits there


def test_too_long_a_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("somepolicy.cli.commands.detect.MOST_BYTES", 10)
    assert detect(run, "-", stdin="a" * 10).exit_code == 0
    assert detect(run, "-", stdin="a" * 11).exit_code == 2


def test_help(run: Run) -> None:
    result = run("detect", "-h")
    assert result.exit_code == 0
    assert "Exit code:" in result.stdout
    assert len(result.stdout.splitlines()) < 40
