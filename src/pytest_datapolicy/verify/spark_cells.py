"""Cells of data files as text, in Spark, written just as DuckDB writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
from sqlglot import exp

if TYPE_CHECKING:
    from collections.abc import Callable

JAVA_FLOAT = r"^-?[0-9]\.[0-9]+E-?[0-9]+$"
"""How Java writes large and small numbers; others it writes like everyone."""
PLAIN: tuple[tuple[Callable[[pa.DataType], bool], str], ...] = (
    (pa.types.is_boolean, "BOOLEAN"),
    (pa.types.is_int8, "TINYINT"),
    (pa.types.is_int16, "SMALLINT"),
    (pa.types.is_int32, "INT"),
    (pa.types.is_int64, "BIGINT"),
    (pa.types.is_uint8, "SMALLINT"),
    (pa.types.is_uint16, "INT"),
    (pa.types.is_uint32, "BIGINT"),
    (pa.types.is_uint64, "DECIMAL(20, 0)"),
    (pa.types.is_date32, "DATE"),
    (pa.types.is_string, "STRING"),
    (pa.types.is_large_string, "STRING"),
    (pa.types.is_string_view, "STRING"),
)


class Cell(NamedTuple):
    """A column of a file: the type to read it as, and the expression that makes its text."""

    kind: str
    text: str


def literal(text: str) -> str:
    """A text in a statement."""
    return exp.Literal.string(text).sql("spark")


def quoted(name: str) -> str:
    """A name in a statement."""
    return exp.to_identifier(name, quoted=True).sql("spark")


def cell_of(kind: pa.DataType, name: str) -> Cell | None:
    """How a column of a Parquet file is read; None for a type whose text Spark would write otherwise, or not at all."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    column = quoted(name)
    if pa.types.is_null(kind):
        return Cell("", "CAST(NULL AS STRING)")
    if pa.types.is_decimal128(kind):
        return Cell(f"DECIMAL({kind.precision}, {kind.scale})", f"CAST({column} AS STRING)")
    if pa.types.is_float32(kind) or pa.types.is_float64(kind):
        return Cell("FLOAT" if pa.types.is_float32(kind) else "DOUBLE", _number(column))
    if pa.types.is_timestamp(kind):
        return _time(kind, column)
    plain = _plain(kind)
    if plain is None:
        return None
    if plain == "STRING":
        return Cell(plain, column)
    if pa.types.is_nested(kind):
        return Cell(plain, f"to_json({column}, map('ignoreNullFields', 'false'))")
    return Cell(plain, f"CAST({column} AS STRING)")


def number_in_json(column: str) -> str:
    """A cell of JSON lines, whose numbers Spark has written as Java does."""
    return (
        f"CASE WHEN {column} RLIKE {literal(JAVA_FLOAT)} THEN {_pythonic(column)} "
        f"WHEN {column} IN ('\"NaN\"', '\"Infinity\"', '\"-Infinity\"') THEN replace({column}, '\"', '') "
        f"ELSE {column} END"
    )


def _plain(kind: pa.DataType) -> str | None:
    """The type in Spark of whole numbers, truth values, dates, texts, and of what is made of them."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        inner = _plain(kind.value_type)
        return None if inner is None or inner == "DATE" else f"ARRAY<{inner}>"
    if pa.types.is_struct(kind):
        fields = [(field.name, _plain(field.type)) for field in kind]
        if not fields or any(inner is None or inner == "DATE" for _, inner in fields):
            return None
        return f"STRUCT<{', '.join(f'{quoted(name)}: {inner}' for name, inner in fields)}>"
    return next((name for is_kind, name in PLAIN if is_kind(kind)), None)


def _number(column: str) -> str:
    text = f"CAST({column} AS STRING)"
    return (
        f"CASE WHEN {text} RLIKE {literal(JAVA_FLOAT)} THEN {_pythonic(text)} "
        f"WHEN isnan({column}) THEN 'nan' "
        f"ELSE replace({text}, 'Infinity', 'inf') END"
    )


def _pythonic(text: str) -> str:
    """``1.0E7`` as ``10000000.0`` and ``1.0E20`` as ``1e+20``."""
    digits, power = f"split_part({text}, 'E', 1)", f"CAST(split_part({text}, 'E', 2) AS INT)"
    spread = f"rtrim('0', CAST(try_cast({text} AS DECIMAL(38, 21)) AS STRING))"
    plain = f"CASE WHEN {spread} LIKE '%.' THEN concat({spread}, '0') ELSE {spread} END"
    sign = f"CASE WHEN {power} < 0 THEN '-' ELSE '+' END"
    size = f"CASE WHEN abs({power}) < 10 THEN concat('0', abs({power})) ELSE CAST(abs({power}) AS STRING) END"
    short = f"CASE WHEN {digits} LIKE '%.0' THEN left({digits}, length({digits}) - 2) ELSE {digits} END"
    return f"CASE WHEN {power} BETWEEN -4 AND 15 THEN {plain} ELSE concat({short}, 'e', {sign}, {size}) END"


def _time(kind: pa.DataType, column: str) -> Cell:
    zone = "" if kind.tz is None else "+00"
    if kind.unit != "ns":
        cell = "TIMESTAMP_NTZ" if kind.tz is None else "TIMESTAMP"
        return Cell(cell, f"concat(CAST({column} AS STRING), '{zone}')" if zone else f"CAST({column} AS STRING)")
    # Spark has no nanoseconds: they are read as the whole numbers that they are stored as.
    rest = f"pmod({column}, 1000000000)"
    seconds = f"date_format(timestamp_seconds(({column} - {rest}) div 1000000000), 'yyyy-MM-dd HH:mm:ss')"
    digits = f"rtrim('0', lpad(CAST({rest} AS STRING), 9, '0'))"
    return Cell("BIGINT", f"concat({seconds}, CASE {rest} WHEN 0 THEN '' ELSE concat('.', {digits}) END, '{zone}')")
