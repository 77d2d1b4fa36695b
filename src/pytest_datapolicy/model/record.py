"""``NamedTuple``, ``Protocol`` and ``cast`` without ``typing``, for modules that every run imports.

`typing.NamedTuple` compiles the annotation of each field when a class is made. Over the records of this package that
took a twelfth of a whole run on one manifest, and for nothing: annotations are for the type checker, and it sees the
originals.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
    from typing import Protocol as Protocol
    from typing import cast as cast
else:
    from collections import namedtuple

    class _Maker(type):
        """Makes a named tuple of a class statement."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.pop("__annotations__")
            defaults = [body.pop(field) for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body.pop("__module__"))
            made.__annotations__ = fields
            for key, value in body.items():
                setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """The base that `_Maker` replaces."""

    class Protocol:
        """The base of what is described by its methods alone."""

    def cast(kind, value):  # noqa: ARG001
        """The value, whatever it is."""
        return value
