"""Markdown for pull requests and step summaries."""

from __future__ import annotations

import pytest

from pytest_datapolicy.model.policy import PolicySource
from pytest_datapolicy.model.report import BaseName, RunError
from pytest_datapolicy.render import markdown
from tests.render import readers
from tests.render.reports import finding, place, report


def test_a_page() -> None:
    waiver: dict[str, object] = {"reason": "until the ward reopens", "owner": "ada", "expires": "2026-12-01"}
    made = report(
        finding(level="warning", split="test", because=""), finding(outcome="waived", waiver=waiver), finding()
    )
    assert markdown.render(made) == (
        """\
<!-- datapolicy -->
### datapolicy: 1 fail, 1 warning, 1 waived

1 manifest, 5 subjects, 1 rule

| | rule | where | found | remedy |
| --- | --- | --- | --- | --- |
| error | `DP101 max-synthetic-ratio` | `data/dataset.yaml:12:18` `triage-notes@2026.11, split train` \
| 40% of the records are synthetic, at most 30% allowed; because `clinical board, 2026-04` \
| add 3,334 real records, or remove 1,429 synthetic records |

<details><summary>Not failing: 1</summary>

| | rule | where | found | remedy |
| --- | --- | --- | --- | --- |
| warning | `DP101 max-synthetic-ratio` | `data/dataset.yaml:12:18` `triage-notes@2026.11, split test` \
| 40% of the records are synthetic, at most 30% allowed \
| add 3,334 real records, or remove 1,429 synthetic records |

</details>

<details><summary>Waived and baselined: 1</summary>

| | rule | where | found | remedy |
| --- | --- | --- | --- | --- |
| waived | `DP101 max-synthetic-ratio` | `data/dataset.yaml:12:18` `triage-notes@2026.11, split train` \
| 40% of the records are synthetic, at most 30% allowed; because `clinical board, 2026-04` \
| `waived until 2026-12-01, owner ada: until the ward reopens` |

</details>

<details><summary>How this was decided</summary>

- policy `builtin:baseline 1, sha256 abababababab`
- policy `acme-org 7 (policies/org.yaml), sha256 cdcdcdcdcdcd`
- datapolicy `0.1.0`, `2026-11-01 UTC`

</details>
"""
    )


def test_a_pass_says_under_what() -> None:
    page = readers.markdown(markdown.render(report(policy_default=True)))
    assert page.rows == []
    assert page.words.startswith("datapolicy: nothing failed\n1 manifest, 5 subjects, 1 rule\n")
    assert "neither settings nor --policy name a policy, so the pack baseline is used" in page.words


@pytest.mark.parametrize("limit", [markdown.LIMIT, 20_000, 3_000])
@pytest.mark.parametrize("character", ["x", "ö", "😀", "|"])
def test_the_page_fits_and_counts_what_was_cut(limit: int, character: str) -> None:
    levels = ["error"] * 700 + ["warning"] * 200
    findings = [finding(level=level, place=place(line=line), split=character * 90) for line, level in enumerate(levels)]
    findings += [finding(outcome="baselined")] * 100
    text = markdown.render(report(*findings), limit=limit)
    page = readers.markdown(text)
    assert limit - 1_000 < len(text.encode()) <= limit
    assert len(text) < 65_536
    assert f"\n{1000 - len(page.rows):,} more findings not shown; the JSON report has all\n" in page.words
    assert {row[0] for row in page.rows} == {"error"}


def test_what_fails_comes_first_and_the_rest_if_there_is_room() -> None:
    findings = [finding(level="advice")] * 150 + [finding(outcome="waived")] * 150 + [finding()] * 30
    page = readers.markdown(markdown.render(report(*findings)))
    states = [row[0] for row in page.rows]
    assert states[:30] == ["error"] * 30
    assert states[30:180] == ["advice"] * 150
    assert set(states[180:]) == {"waived"}
    assert f"{330 - len(states)} more findings not shown" in page.words


def test_one_finding_less_is_one() -> None:
    findings = [finding()] * 400
    most = len(readers.markdown(markdown.render(report(*findings))).rows)
    assert "**1 more finding not shown**" in markdown.render(report(*findings[: most + 1]))
    assert "not shown" not in markdown.render(report(*findings[:most]))


def test_a_run_that_is_not_valid_says_so_first() -> None:
    errors = [RunError(f"error {number}", place("policy.yaml", number), remedy="mend it") for number in range(1, 13)]
    text = markdown.render(report(errors=(RunError("no manifest found", code=3), *errors)))
    assert "### datapolicy: the run is not valid; nothing failed\n" in text
    assert "\n- **invalid run**: `policy.yaml:1:18` error 1; mend it\n" in text
    assert "\n- 3 more\n" in text
    readers.markdown(text)


def test_nothing_judged_is_never_called_a_pass() -> None:
    text = markdown.render(report(manifests=0, errors=(RunError("no manifest found", code=3),)))
    assert "### datapolicy: the run is not valid; nothing was judged\n" in text


def test_strict_and_only_new_decide_what_fails() -> None:
    warning, known = finding(level="warning"), finding(known=True)
    made = report(warning, known, base=BaseName("main", "ab" * 20))
    for text, states in (
        (markdown.render(made), ["error, known", "warning"]),
        (markdown.render(made, strict=True), ["error, known", "warning"]),
        (markdown.render(made._replace(only_new=True), strict=True), ["warning", "error, known"]),
    ):
        assert [row[0] for row in readers.markdown(text).rows] == states
    assert "Not failing: 1" in markdown.render(made)
    assert "Not failing" not in markdown.render(made, strict=True)
    assert "Not failing: 1" in markdown.render(made._replace(only_new=True), strict=True)


def test_many_policies_are_counted() -> None:
    sources = tuple(PolicySource(f"p{number}", "1", f"p{number}.yaml", "ab" * 32) for number in range(25))
    assert "\n- 5 more policies\n" in markdown.render(report(policy=sources))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "40% of 3,334 records, at most 0.5 (or fewer) allowed",
            "40% of 3,334 records, at most 0.5 (or fewer) allowed",
        ),
        ("split train of a@1 is <= 3", "split train of `a@1` is &lt;= 3"),
        ("see www.evil.example or https://x", "see `www.evil.example` or `https://x`"),
        ("wwwx is a word", "`wwwx` is a word"),
        ("fixed in deadbee and (effaced)", "fixed in `deadbee` and `(effaced)`"),
        ("ask @ada or #1", "ask `@ada` or `#1`"),
        ("a `b` | c", r"a `\x60b\x60 \x7c` c"),
        ("did you mean x?", "did you mean x?"),
        ("größer als 名前 here", "`größer` als `名前` here"),
        ("**bold** _it_ [x](y) <b>", "`**bold** _it_ [x](y) <b>`"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert markdown.prose(text) == shown
