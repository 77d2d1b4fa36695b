"""Where a report goes: standard output, files, and the step summary of a build, in each format that was asked for."""

from __future__ import annotations

import os
import sys

from pytest_datapolicy.cli.output import append_file, complain, write_file, write_stdout
from pytest_datapolicy.model.report import RunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_datapolicy.model.report import Report
    from pytest_datapolicy.model.rule import Rule

    File = tuple[str, str]
    """A format and the file that it is written to."""
    Put = Callable[[Report, "Run"], None]

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "markdown", "html")
SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file that becomes the summary of a step."""
SUMMARY_BYTES = 500_000
"""GitHub takes 1 MiB from all commands of a step, or nothing."""


# Plain classes: two more named tuples would be felt in the start of every run.
class Wanted:
    """What ``--format`` and ``--output`` ask for."""

    __slots__ = ("files", "form", "printed")

    def __init__(self, form: str, files: Sequence[File], *, printed: bool) -> None:
        self.form = form
        """The format of standard output, and of files that name none."""
        self.files = files
        """Formats with their files."""
        self.printed = printed
        """Whether the report goes to standard output: not when a file takes it in the same format."""


class Run:
    """What the formats need to know beyond the report."""

    __slots__ = ("code", "color", "strict")

    def __init__(self, code: int, *, strict: bool = False, color: str = "auto") -> None:
        self.code = code
        """How the process ends, if the report can be written."""
        self.strict = strict
        self.color = color


def wanted(form: str, outputs: Sequence[str]) -> Wanted:
    """The formats and files that the options name. Raises `RunError` for wrong usage."""
    files = [_file(form, output) for output in outputs]
    seen: set[str] = set()
    for _, path in files:
        identity = _identity(path)
        if identity in seen:
            raise RunError(f"--output names {path!r} twice", remedy="give each report a file of its own")
        seen.add(identity)
    return Wanted(form, files, printed=all(_names_format(output) for output in outputs))


def asked(arguments: Sequence[str]) -> Wanted:
    """What a command line that may not be valid asks for, as far as it can be told."""
    given: list[tuple[str, str]] = []
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        option, equals, value = argument.partition("=")
        given.append((option, value if equals else following))
    forms = [value for option, value in given if option == "--format" and value in FORMATS]
    found = wanted(forms[-1] if forms else "text", ())
    outputs: list[str] = []
    for option, value in given:
        if option == "--output":
            try:
                found = wanted(found.form, [*outputs, value])
            except RunError:
                continue
            outputs.append(value)
    return found


def _file(form: str, output: str) -> File:
    name, equals, path = output.partition("=")
    if not _names_format(output):
        if equals and name.isascii() and name.isalpha():
            from pytest_datapolicy.app.suggest import did_you_mean

            remedy = did_you_mean(name, FORMATS, f"write ./{output} for a file of that name")
            raise RunError(f"--output names the unknown format {name!r}", remedy=remedy)
        name, path = form, output
    if not path:
        raise RunError(f"--output {output!r} names no file", remedy="write --output FILE or --output FORMAT=FILE")
    return name, path


def _names_format(output: str) -> bool:
    name, equals, _ = output.partition("=")
    return bool(equals) and name in FORMATS


def _identity(path: str) -> str:
    """What two names of one file have in common."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return path


def deliver(report: Report, where: Wanted, run: Run) -> int:
    """Write the report everywhere, and give the exit code: that of the run, or 4 when something was not written."""
    written, failed = _put([_to_file(file) for file in where.files], report, run)
    others = _summaries(where)
    # When its file failed, a program may still be listening here.
    if where.printed or (failed and where.form != "text"):
        others.append(_to_stdout(where.form))
    failed += _put(others, *_including(failed, report, run))[1]
    report_errors = report.errors if where.form == "text" or not where.printed else ()
    if failed:
        report, run = _including(failed, report, run)
        # What has been written tells of a run that ends otherwise than this one does.
        _put(written, report, run)
    _complain([*failed, *report_errors], run)
    return run.code


def _put(puts: Sequence[Put], report: Report, run: Run) -> tuple[list[Put], list[RunError]]:
    """Those that worked, and why others did not."""
    worked, errors = [], []
    for put in puts:
        try:
            put(report, run)
            worked.append(put)
        except RunError as error:
            errors.append(error)
    return worked, errors


def _including(errors: Sequence[RunError], report: Report, run: Run) -> tuple[Report, Run]:
    if not errors:
        return report, run
    return report._replace(errors=(*errors, *report.errors)), Run(4, strict=run.strict, color=run.color)


def _complain(errors: Sequence[RunError], run: Run) -> None:
    """Say on standard error what makes the run invalid."""
    if errors:
        from pytest_datapolicy.render.paint import ansi, plain
        from pytest_datapolicy.render.text import describe_error

        paint = ansi if colors(run.color, sys.stderr) else plain
        complain("\n".join(line for error in errors for line in describe_error(error, paint)))


def _to_file(file: File) -> Put:
    form, path = file
    return lambda report, run: write_file(path, rendered(report, form, run))


def _to_stdout(form: str) -> Put:
    def put(report: Report, run: Run) -> None:
        if form != "text":
            write_stdout(rendered(report, form, run))
        elif report.manifests or not report.errors:
            from pytest_datapolicy.render.text import body

            write_stdout(body(report, color=colors(run.color, sys.stdout)))

    return put


def _summaries(where: Wanted) -> list[Put]:
    """The summary of a step of GitHub Actions, which comes with the annotations."""
    path = os.environ.get(SUMMARY)
    if not path or "github" not in {where.form, *(form for form, _ in where.files)}:
        return []
    from pytest_datapolicy.render import markdown

    def append(report: Report, run: Run) -> None:
        append_file(path, "\n" + markdown.render(report, strict=run.strict, limit=SUMMARY_BYTES))

    return [append]


def rendered(report: Report, form: str, run: Run) -> str:
    """The report in one of the formats, as files have it."""
    if form == "text":
        from pytest_datapolicy.render import text

        return text.render(report, color=run.color == "always")
    if form == "json":
        from pytest_datapolicy.render import json

        return json.render(report, root=_relative(report.root))
    return _built(report, form, run)


def _built(report: Report, form: str, run: Run) -> str:
    """The report in one of the formats for build services."""
    if form == "sarif":
        from pytest_datapolicy.render import sarif

        return sarif.render(report, code=run.code, prefix=_below_repository(report.root), rule=_rules())
    if form == "junit":
        from pytest_datapolicy.render import junit

        return junit.render(report, strict=run.strict)
    if form == "github":
        from pytest_datapolicy.render import github

        return github.render(report, prefix=_below_repository(report.root))
    if form == "gitlab":
        from pytest_datapolicy.render import gitlab

        return gitlab.render(report, prefix=_below_repository(report.root))
    if form == "markdown":
        from pytest_datapolicy.render import markdown

        return markdown.render(report, strict=run.strict)
    from pytest_datapolicy.render import html

    return html.render(report)


def _rules() -> Callable[[str], Rule | None]:
    """From ids to rules of this installation, for what their pages say. A plugin that fails is told of elsewhere."""
    from pytest_datapolicy.catalogue import Catalogue
    from pytest_datapolicy.hooks import PluginError

    def rule(identity: str) -> Rule | None:
        try:
            return catalogue.rule(identity) if identity in catalogue else None
        except PluginError:
            return None

    try:
        catalogue = Catalogue()
    except PluginError:
        return lambda _: None
    return rule


def _relative(root: str) -> str:
    try:
        return os.path.relpath(root).replace(os.sep, "/")
    except ValueError:  # another drive
        return os.path.basename(root)


def _below_repository(root: str) -> str:
    """The way from the top of the git work tree to the project root; build services know files by it."""
    folder = os.path.realpath(root)
    top = folder
    while not os.path.lexists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            return ""
        top = parent
    return "" if folder == top else os.path.relpath(folder, top).replace(os.sep, "/")


def colors(choice: str, stream: object) -> bool:
    """Whether to print colours: on a terminal, unless NO_COLOR, FORCE_COLOR or the option say otherwise."""
    if choice != "auto":
        return choice == "always"
    environment = os.environ
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return environment.get("TERM") != "dumb" and bool(getattr(stream, "isatty", bool)())
