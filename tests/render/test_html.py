"""The report as one HTML page."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from pytest_datapolicy.model.report import RuleCount, RunError
from pytest_datapolicy.render import html
from tests.render import readers
from tests.render.reports import finding, note, place, report

ARTICLE = """\
<article class="error">
<h3>error, indeterminate: <bdi>DP101 max-synthetic-ratio</bdi></h3>
<p>40% of the records are synthetic, at most 30% allowed</p>
<p><code>data/dataset.yaml:12:18</code></p>
<pre>12 |         records: 4000
   |                  ^^^^</pre>
<p><code>data/dataset.yaml:3:18</code> (given here first)</p>
<pre>3 |         records: 4000
  |                  ^^^^</pre>
<p><code>policies/org.yaml:9:9</code> (the clause that asks it)</p>
<pre>9 |       - {max: 0.30, when: {stakes: high}}
  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^</pre>
<p><b>because:</b> <bdi>clinical board, 2026-04</bdi></p>
<p><b>help:</b> <bdi>add 3,334 real records, or remove 1,429 synthetic records</bdi></p>
<p><b>subject:</b> <bdi>triage-notes@2026.11, split train</bdi></p>
<p><b>note:</b> <bdi>the base revision has this finding too</bdi></p>
</article>
"""


def test_a_finding() -> None:
    made = finding(outcome="indeterminate", known=True, related=(note("given here first", line=3),))
    assert ARTICLE in html.render(report(made))


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    text = html.render(report(finding()))
    page = readers.Html(text)
    attributes = dict(page.attributes)
    style = page.words[page.words.index("\n", page.words.index("datapolicy: 1 fail") + 1) + 1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert style == html.STYLE
    assert ("http-equiv", "Content-Security-Policy") in page.attributes
    assert (
        "content",
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    ) in page.attributes
    assert attributes["lang"] == "en"
    assert not re.search(r"https?:|//|@import|url\(|<script|<a |<img|<link", text)
    # A policy in a meta element holds from there on, so it comes before all but the encoding.
    assert text.index("Content-Security-Policy") < text.index("<style>")


def test_sections_follow_severity_and_count() -> None:
    waiver: dict[str, object] = {"reason": "until the ward reopens", "expires": "2026-12-01"}
    made = report(
        finding(level="advice"),
        finding(outcome="waived", waiver=waiver),
        finding(level="warning"),
        finding(),
        errors=(RunError("unknown rule 'x'", place("policy.yaml"), remedy="did you mean y?"),),
        rules=(RuleCount("DP101", "max-synthetic-ratio", "error", 1234), RuleCount("ACME001", "ACME001", "advice", 0)),
    )
    text = html.render(made)
    headings = re.findall(r"<h[123]>(.*?)</h", text)
    assert [re.sub("<.*?>", "", heading) for heading in headings] == [
        "datapolicy: the run is not valid; 1 fail, 1 warning, 1 advice, 1 waived",
        "Why the run is not valid",
        "invalid run",
        "Findings: 3",
        "error: DP101 max-synthetic-ratio",
        "warning: DP101 max-synthetic-ratio",
        "advice: DP101 max-synthetic-ratio",
        "Waived and baselined: 1",
        "waived: DP101 max-synthetic-ratio",
        "Rules",
        "How this was decided",
    ]
    assert "<td><bdi>DP101 max-synthetic-ratio</bdi></td><td>error</td><td>1,234</td><td>4</td>" in text
    assert "<td><bdi>ACME001</bdi></td><td>advice</td><td>0</td><td>0</td>" in text
    assert "<bdi>waived until 2026-12-01: until the ward reopens</bdi>" in text
    readers.Html(text)


def test_many_findings_of_one_rule_are_cut_and_counted() -> None:
    text = html.render(report(*[finding()] * 1234, finding(rule="DP102", name="min-real-records")))
    assert readers.Html(text).tags.count("article") == html.PER_RULE + 1
    assert "<p>1,034 more of DP101 are not shown; the JSON report has all</p>" in text


def test_a_pass_shows_rules_policies_and_notes() -> None:
    text = html.render(report(policy_default=True, today_given=True))
    assert (
        "<h1>datapolicy: nothing failed</h1>\n<p>1 manifest, 5 subjects, 1 rule; 2026-11-01 (set by hand)</p>" in text
    )
    assert "<p>policy: <bdi>acme-org 7 (policies/org.yaml), sha256 cdcdcdcdcdcd</bdi></p>" in text
    assert "<p>note: <bdi>neither settings nor --policy name a policy, so the pack baseline is used</bdi></p>" in text


def test_it_is_ascii_whatever_it_tells() -> None:
    text = html.render(report(finding(message="größer als 名前 😀")))
    assert text.isascii()
    assert "größer als 名前 😀" in readers.Html(text).words
