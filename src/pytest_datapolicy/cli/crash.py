"""A fault of this program: one line for the person who meets it, a traceback for the one who repairs it."""

from __future__ import annotations

import os

from pytest_datapolicy.model.report import RunError

DEBUG = "DATAPOLICY_DEBUG"


def crashed(error: BaseException) -> RunError:
    """What to say of a crash: exit 4. With ``DATAPOLICY_DEBUG=1`` its traceback is printed as well."""
    if os.environ.get(DEBUG, "") not in ("", "0"):
        import traceback

        from pytest_datapolicy.cli.output import complain
        from pytest_datapolicy.render.neutral import neutral

        lines = "".join(traceback.format_exception(error)).splitlines()
        complain("\n".join(neutral(line) for line in lines))
    where = _innermost(error)
    return RunError(
        f"internal error: {type(error).__name__}: {str(error)[:200]}{where}",
        remedy=f"nothing was decided; please report it with the traceback that {DEBUG}=1 prints",
        code=4,
    )


def _innermost(error: BaseException) -> str:
    trace = error.__traceback__
    if trace is None:
        return ""
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = trace.tb_frame.f_code.co_filename.replace(os.sep, "/")
    return f" ({'/'.join(file.split('/')[-2:])}:{trace.tb_lineno})"
