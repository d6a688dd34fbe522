"""Formats for CI servers: JUnit against a schema, GitLab's Code Quality against one, --statistics, and the action of GitHub, run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
import yaml
from jsonschema import Draft202012Validator

from shapecheck import check_source
from shapecheck.__main__ import main
from shapecheck.report import gitlab, junit
from tests.house.imports import ROOT
from tests.shapecheck.test_sarif import HEAD, SOURCES

JUNIT = xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))
CODE_QUALITY = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1, "pattern": "^[^\n]*$"},
                "check_name": {"type": "string", "minLength": 1},
                "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string", "pattern": r"^(?!\./)[^\\]+$"},
                        "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                    },
                },
            },
        },
    }
)
"""What GitLab's documentation requires of each entry."""
HOSTILE = HEAD + 'm = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="<&\\x00\\x1b]]>\\ud800\'")])\n'
UNKNOWN = HEAD + 'm = keras.Sequential([keras.Input((4,)), hub.KerasLayer("x")])\n'
TWICE = HEAD + "for n in (1, 2):\n    m = keras.Sequential([keras.Input((4, 4, 3)), layers.Conv2D(8, 6)])\n" * 2
TEXTS: dict[str, tuple[str, str]] = {
    **SOURCES,
    "characters that XML cannot hold": (HOSTILE, "a\x01<&>.py"),
    "a layer that is not known": (UNKNOWN, "a.py"),
    "the same finding twice": (TWICE, "a.py"),
}


def quality(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    assert [error.message for error in CODE_QUALITY.iter_errors(found)] == []
    return found


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_written_is_a_junit_report(name: str) -> None:
    text = junit.render(check_source(*TEXTS[name]))
    JUNIT.validate(text)
    root = ElementTree.fromstring(text)
    for suite in root:
        for kind, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[kind]) == sum(case.find(tag) is not None for case in suite)
        assert int(suite.attrib["tests"]) == len(suite)
    assert all(int(root.attrib[kind]) == sum(int(suite.attrib[kind]) for suite in root) for kind in ("tests", "failures", "errors"))


def cases(name: str) -> dict[str, list[str]]:
    """Test case -> what is in it."""
    found = ElementTree.fromstring(junit.render(check_source(*TEXTS[name]))).iter("testcase")
    return {case.attrib["name"]: [f"{child.tag} {child.attrib.get('type', '')}".strip() for child in case] for case in found}


def test_a_model_is_a_test_case_that_fails_is_skipped_or_passes() -> None:
    assert cases("findings with related places and fixes") == {"m (line 3)": ["failure SC101"]}
    assert cases("a layer that is not known") == {"m (line 3)": ["skipped"]}
    assert cases("a file that cannot be read") == {"reading": ["error unread"]}
    assert cases("a notebook") == {"m (cell 1, line 3)": ["failure SC101"]}
    assert cases("nothing to say") == {}


def test_the_schemas_refuse_what_is_neither() -> None:
    text = junit.render(check_source(*TEXTS["a misspelt word"]))
    for right, wrong in (('tests="1"', 'tests="one"'), ("failure", "fault"), ('<testsuite name="', '<testsuite title="')):
        assert right in text and not JUNIT.is_valid(text.replace(right, wrong))
    (entry,) = quality(gitlab.render(check_source(*TEXTS["a misspelt word"])))
    for change in ({"severity": "error"}, {"location": {"path": "a.py"}}, {"fingerprint": "x"}):
        assert not CODE_QUALITY.is_valid([{**entry, **change}])


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_written_is_a_code_quality_report(name: str) -> None:
    report = check_source(*TEXTS[name])
    found = quality(gitlab.render(report))
    assert len(found) == len(report.findings) + sum(1 for file in report.files if file.error or file.cut)
    assert len({entry["fingerprint"] for entry in found}) == len(found)


def test_a_fingerprint_stays_when_the_line_moves() -> None:
    text, path = TEXTS["findings with related places and fixes"]
    (one,) = quality(gitlab.render(check_source(text, path)))
    (other,) = quality(gitlab.render(check_source(f"# a line more\n{text}", path)))
    assert one["fingerprint"] == other["fingerprint"] and other["location"]["lines"]["begin"] == one["location"]["lines"]["begin"] + 1


@pytest.mark.parametrize("name", ["junit", "gitlab"])
def test_several_processes_write_the_same_report(name: str, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for number, (text, _) in enumerate(SOURCES.values()):
        (tmp_path / f"{number}.py").write_text(text, encoding="utf-8")
    said = []
    for processes in ("1", "2"):
        assert main([str(tmp_path), "--format", name, "-j", processes]) == 1
        said.append(capfdbinary.readouterr().out.decode())
    assert said[0] == said[1] and "SC101" in said[0]


def test_statistics_count_findings_and_verdicts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.py").write_text(TWICE, encoding="utf-8")
    (tmp_path / "b.py").write_text(TEXTS["a misspelt word"][0], encoding="utf-8")
    assert main([str(tmp_path), "--statistics", "-j", "2"]) == 1
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    codes = [line for line in lines if line[1].startswith("SC")]
    assert codes == [["2", "SC101", "error", "WindowTooLarge"], ["1", "SC402", "error", "UnknownWord"]]
    assert ["3", "layers", "broken", "(75.0", "%)"] in lines and ["3", "models", "in", "2", "files"] in lines


@pytest.mark.parametrize("options", [[], ["--baseline", "old.json"], ["--select", "SC4"]])
def test_statistics_as_json_are_the_same_counts(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(TWICE, encoding="utf-8")
    Path("old.json").write_text('{"version": 1, "admitted": []}', encoding="utf-8")
    main(["a.py", "--statistics", "--format", "json", *options])
    document = json.loads(capsys.readouterr().out)
    found = [] if "SC4" in options else [{"code": "SC101", "severity": "error", "count": 2}]
    assert document["version"] == 1 and document["statistics"]["findings"] == found
    assert document["statistics"]["models"] == 2 and document["statistics"]["layers"]["broken"] == 2


@pytest.mark.parametrize("words", [["--format", "sarif"], ["--fix"], ["--diff"]])
def test_statistics_do_not_go_with_what_cannot_show_them(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["a.py", "--statistics", *words]) == 2
    assert capsys.readouterr().err.startswith("--statistics ")


def test_json_says_what_to_do() -> None:
    from shapecheck.report.json import document

    (finding,) = document(check_source(*TEXTS["a misspelt word"]))["files"][0]["findings"]
    assert finding["help"] == 'write activation="relu"'


def action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Does what the runner does with the action: inputs with their defaults go into the environment of its one step."""
    place = ROOT / ".github" / "actions" / "shapecheck"
    described = yaml.safe_load((place / "action.yml").read_text("utf-8"))
    assert described["runs"]["using"] == "composite"
    (step,) = described["runs"]["steps"]
    given = {name: inputs.pop(name, what["default"]) for name, what in described["inputs"].items()}
    assert not inputs
    values = {f"${{{{ inputs.{name} }}}}": value for name, value in given.items()}
    environment = {**os.environ, **{name: values[text] for name, text in step["env"].items()}, "GITHUB_ACTION_PATH": str(place)}
    environment["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    script = folder / "step.sh"
    script.write_text(step["run"], encoding="utf-8")
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        capture_output=True, text=True, encoding="utf-8", cwd=folder, env=environment,
    )  # fmt: skip


needs_bash = pytest.mark.skipif(sys.platform == "win32" or not shutil.which("bash"), reason="needs bash")


@needs_bash
def test_the_action_annotates_the_lines_of_a_broken_model(tmp_path: Path) -> None:
    folder = tmp_path / "two words"
    folder.mkdir()
    (folder / "net.py").write_text(TEXTS["findings with related places and fixes"][0], encoding="utf-8")
    (tmp_path / "other.py").write_text(UNKNOWN, encoding="utf-8")
    run = action(tmp_path, files="two words\nother.py\n", arguments="--select SC1 --no-config")
    assert run.returncode == 1, run.stderr
    (line,) = run.stdout.splitlines()
    assert line.startswith("::error file=two words/net.py,line=3,") and ",title=SC101::conv2d_1: a window of 7" in line
    assert action(tmp_path, files="other.py").returncode == 0
    assert action(tmp_path).returncode == 1


@needs_bash
def test_the_action_says_which_python_it_needs(tmp_path: Path) -> None:
    for name in ("python3", "python"):
        old = tmp_path / name
        old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
        old.chmod(0o755)
    described = (ROOT / ".github/actions/shapecheck/action.yml").read_text("utf-8")
    script = yaml.safe_load(described)["runs"]["steps"][0]["run"]
    environment = {**os.environ, "PATH": str(tmp_path)}
    command = [str(shutil.which("bash")), "-c", script]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    assert run.returncode == 2 and "::error::shapecheck needs Python 3.11 or newer" in run.stdout
