"""How Spark reads data files: strictly, every cell as text, each row with the file that it comes from."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from sqlglot import exp

from pytest_datapolicy.verify import heads
from pytest_datapolicy.verify.duck_tables import once
from pytest_datapolicy.verify.engine import Table, Unreadable
from pytest_datapolicy.verify.spark_cells import Cell, cell_of, literal, number_in_json, quoted
from pytest_datapolicy.verify.spark_stage import Stage, arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_datapolicy.verify.sources import Member

BAD_LINE = "datapolicy: no object on a line of "
PACKED = {".gz": "gzip", ".zst": "zstd"} | dict.fromkeys((".bz2", ".deflate", ".lz4", ".snappy"), "other")
SUFFIXES = {"gzip": ".gz", "zstd": ".zst", "": ""}
OPTIONS = {
    "__globPaths__": "false",
    "recursiveFileLookup": "true",
    "ignoreCorruptFiles": "false",
    "ignoreMissingFiles": "false",
}
"""Names are no patterns, folders are no columns, and nothing is passed over."""
FILE = "`datapolicy file █`"
"""The column that says where a row is from, among those of the data."""
GLOB = re.compile(r"[\\*?\[\]{},]")
LONE = r"\\u[dD][89a-fA-F]"
PAIR = r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
"""A whole character, or a backslash: neither is half of one."""
PASSED_OVER = "give it a name with its usual suffix that does not begin with . or _"


class Part(NamedTuple):
    """Files that are read by one call, as a view with the columns ``c0``, ``c1``, ... and ``f``."""

    view: str
    places: dict[str, int]


class Reader:
    """Makes tables of files."""

    def __init__(self, session: Any, folder: str, stage: Stage, *, local: bool, shared: bool, patterns: bool) -> None:
        """`folder` takes links; `local`: Spark sees what this process sees; `shared`: at least the stage; `patterns`:
        all names are patterns to it."""
        self._session = session
        self._folder = folder
        self._stage = stage
        self._local = local
        self._shared = local or shared
        self._patterns = patterns
        self._views = 0
        self._links: dict[str, str] = {}
        self._members: dict[str, Member] = {}
        self._doubt: dict[tuple[object, ...], bool] = {}

    def table(self, members: Sequence[Member], columns: Sequence[str], *, by_file: bool) -> Table:
        """See `Engine.table`."""
        kinds: dict[tuple[str, str], list[tuple[int, Member]]] = {}
        for index, member in enumerate(members):
            kinds.setdefault((member.kind, member.packing), []).append((index, member))
        made = {
            "parquet": self._parquet,
            "arrow": self._arrow,
            "jsonl": self._jsonl,
            "csv": self._csv,
            "tsv": self._csv,
        }
        parts = [part for (kind, _), group in kinds.items() for part in made[kind](group, columns)]
        names = [f"c{index}" for index in range(len(columns))] + ["f"] * by_file
        queries = [exp.select(*(names or ["1 AS row"])).from_(exp.to_table(part.view)) for part in parts]
        query: exp.Query = queries[0]
        for other in queries[1:]:
            query = exp.union(query, other, distinct=False)
        places = {path: index for part in parts for path, index in part.places.items()}
        return Table(query, lambda address: places[path_of(address)])

    def named_in(self, text: str) -> Member | None:
        """The file that a message names."""
        addresses = re.findall(rf"(?:reading file |{BAD_LINE})(\S+?)\.?\s", f"{text} ")
        addresses += re.findall(r"does not exist: (.+?)\. SQLSTATE", text)
        found = (self._members.get(path_of(address)) for address in addresses)
        plain = (self._members.get(path_of(re.sub(r"\\(.)", r"\1", address), raw=True)) for address in addresses)
        return next((member for member in (*found, *plain) if member is not None), None)

    def _address(self, member: Member) -> str:
        """What Spark is told to open."""
        name = os.path.basename(member.path)
        packing = PACKED.get(os.path.splitext(name)[1], "")
        if name[:1] in "._" or (packing or "") != member.packing or not _is_utf8(member.path):
            address = self._link(member)
        elif member.store is not None:
            address = re.sub("^s3://", "s3a://", member.path)
        else:
            address = member.path
        self._members[address] = member
        return address if "://" in address else f"file:{address}"

    def _link(self, member: Member) -> str:
        if not self._local or member.store is not None:
            raise Unreadable(f"{member.name} is passed over by Spark", PASSED_OVER, member)
        if member.path not in self._links:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            link = os.path.join(self._folder, f"{len(self._links)}.{member.kind}{SUFFIXES[member.packing]}")
            os.symlink(member.path, link)
            self._links[member.path] = link
        return self._links[member.path]

    def _reader(self, schema: str, options: dict[str, str] | None = None) -> Any:
        reader = self._session.read.options(**OPTIONS, **(options or {}))
        return reader.schema(schema) if schema else reader

    def _part(self, frame: Any, cells: Iterable[str], places: dict[str, int]) -> Part:
        """A view of the cells, and the files that its rows may come from."""
        named = [f"{cell} AS c{index}" for index, cell in enumerate(cells)]
        return Part(self._view(frame.selectExpr(*named, f"{FILE} AS f")), places)

    def _view(self, frame: Any) -> str:
        self._views += 1
        name = f"datapolicy{self._views}"
        frame.createOrReplaceTempView(name)
        return name

    def _addresses(self, members: Iterable[tuple[int, Member]]) -> tuple[list[str], dict[str, int]]:
        found = [(index, self._address(member)) for index, member in members]
        return [address for _, address in found], {path_of(address, raw=True): index for index, address in found}

    def _asked(self, addresses: Iterable[str]) -> list[str]:
        """Spark Connect takes all names for patterns, whatever the options say."""
        return [GLOB.sub(r"\\\g<0>", address) if self._patterns else address for address in addresses]

    def _parquet(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        groups: dict[tuple[Cell, ...], list[tuple[int, Member]]] = {}
        for index, member in members:
            schema = _parquet_schema(member) if columns else pa.schema([])
            groups.setdefault(_cells(member, schema, columns), []).append((index, member))
        for cells, group in groups.items():
            addresses, places = self._addresses(group)
            yield self._read_parquet(addresses, cells, columns, places)

    def _read_parquet(
        self, addresses: list[str], cells: Sequence[Cell], names: Sequence[str], places: dict[str, int]
    ) -> Part:
        fields = {name: cell.kind for name, cell in zip(names, cells, strict=True) if cell.kind}
        schema = ", ".join(f"{quoted(name)} {kind}" for name, kind in fields.items())
        frame = _with_file(self._reader(schema or "`_` BOOLEAN").parquet(*self._asked(addresses)))
        return self._part(frame, [cell.text for cell in cells], places)

    def _arrow(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        groups: dict[tuple[Cell, ...], dict[str, int]] = {}
        for index, member in members:
            schema = arrow_schema(member)
            _cells(member, schema, columns)
            kept = [schema.names.index(column) for column in columns]
            staged = self._staged(member, kept)
            names = [str(position) for position in range(len(kept))]
            renamed = pa.schema([pa.field(name, schema.field(at).type) for name, at in zip(names, kept, strict=True)])
            groups.setdefault(_cells(member, renamed, names), {})[staged] = index
        for cells, places in groups.items():
            addresses = [f"file:{path}" for path in places]
            yield self._read_parquet(addresses, cells, [str(position) for position in range(len(cells))], places)

    def _staged(self, member: Member, columns: Sequence[int]) -> str:
        if not self._shared:
            remedy = "name a temp folder that all workers of Spark see, or write the file as Parquet"
            raise Unreadable(f"{member.name} has to be written anew for Spark", remedy, member)
        path = self._stage.parquet(member, columns)
        self._members[path] = member
        return path

    def _jsonl(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        """A line is put into a list with an empty object behind it: only a line that is one object makes two."""
        addresses, places = self._addresses(members)
        lines = _with_file(self._reader("", {"lineSep": "\n"}).text(self._asked(addresses)))
        names = list(dict.fromkeys(columns))
        fields = ", ".join(f"{quoted(name)}: STRING" for name in names) or "`_`: STRING"
        options = "map('mode', 'PERMISSIVE', 'allowSingleQuotes', 'false')"
        parsed = f"from_json(concat('[', value, ',{{}}]'), {literal(f'ARRAY<STRUCT<{fields}>>')}, {options})"
        broken = f"NOT is_valid_utf8(value) OR ({_has_lone_surrogate('value')})"
        error = f"raise_error(concat({literal(BAD_LINE)}, {FILE}, ' '))"
        checked = f"transform(array({parsed}), p -> CASE WHEN size(p) = 2 THEN p[0] ELSE {error} END)"
        rows = lines.where(r"trim(BOTH ' \t\r' FROM value) <> ''")
        rows = rows.selectExpr(FILE, f"explode(CASE WHEN {broken} THEN {error} ELSE {checked} END) AS p")
        cells = rows.selectExpr(FILE, *[f"p.{quoted(name)} AS j{index}" for index, name in enumerate(names)])
        yield self._part(cells, [number_in_json(f"j{names.index(column)}") for column in columns], places)

    def _csv(self, members: list[tuple[int, Member]], columns: Sequence[str]) -> Iterator[Part]:
        groups: dict[tuple[str, ...], list[tuple[int, Member]]] = {}
        for index, member in members:
            groups.setdefault(heads.header(member), []).append((index, member))
        for names, group in groups.items():
            for column in columns:
                once(column, names.count(column), group[0][1])
            doubtful = self._doubtful(group, width=len(names))
            kept = [names.index(column) for column in columns]
            plain = [(index, member) for index, member in group if member.path not in doubtful]
            if plain:
                yield self._read_csv(plain, kept, width=len(names))
            if doubtful:
                staged = {self._staged(member, kept): index for index, member in group if member.path in doubtful}
                cells = [Cell("STRING", quoted(str(position))) for position in range(len(kept))]
                names_kept = [str(position) for position in range(len(kept))]
                yield self._read_parquet([f"file:{path}" for path in staged], cells, names_kept, staged)

    def _read_csv(self, members: list[tuple[int, Member]], kept: Sequence[int], *, width: int) -> Part:
        options = {
            "mode": "FAILFAST",
            "header": "true",
            "multiLine": "true",
            "sep": heads.DELIMITERS[members[0][1].kind],
            "quote": '"',
            "escape": '"',
            "unescapedQuoteHandling": "RAISE_ERROR",
            # Bytes that are no UTF-8 would become question marks: they are decoded below, where they are an error.
            "encoding": "ISO-8859-1",
        }
        addresses, places = self._addresses(members)
        schema = ", ".join(f"h{index} STRING" for index in range(width))
        frame = _with_file(self._reader(schema, options).csv(self._asked(addresses)))
        return self._part(frame, [f"decode(encode(h{index}, 'ISO-8859-1'), 'UTF-8')" for index in kept], places)

    def _doubtful(self, members: list[tuple[int, Member]], *, width: int) -> set[str]:
        """CSV files that Spark may read wrongly: a quotation may not end, or an empty line may be a row."""
        new = [(index, member) for index, member in members if _key(member) not in self._doubt]
        if new:
            addresses, places = self._addresses(new)
            lines = _with_file(self._reader("", {"lineSep": "\n"}).text(self._asked(addresses)))
            quotes = """CAST(sum(octet_length(value) - octet_length(replace(value, '"', ''))) AS BIGINT) AS quotes"""
            empty = r"count(CASE WHEN value IN ('', '\r') THEN 1 END) AS empty"
            statement = (
                exp.select(f"{FILE} AS f", quotes, empty, dialect="spark").from_(self._view(lines)).group_by("f")
            )
            found = self._session.sql(statement.sql("spark")).collect()
            keys = {index: _key(member) for index, member in new}
            for row in found:
                doubt = bool(row["quotes"] % 2 or (width == 1 and row["empty"]))
                self._doubt[keys[places[path_of(row["f"])]]] = doubt
        return {member.path for _, member in members if self._doubt.get(_key(member))}


def _key(member: Member) -> tuple[object, ...]:
    """What is known of a file holds as long as this is the same."""
    return member.path, member.state


def _with_file(frame: Any) -> Any:
    """Rows with the file that each is from; there may be a column `_metadata` in it too."""
    place = frame.metadataColumn("_metadata").getField("file_path")
    return frame.select("*", place.alias(FILE.strip("`")))


def path_of(address: str, *, raw: bool = False) -> str:
    """The path in what Spark says of a file, ``file:/a%20b`` or ``file:///a%20b``; an object's address stays one."""
    plain = address if raw else unquote(address)
    return re.sub("^file:/+", "/", plain)


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _has_lone_surrogate(column: str) -> str:
    """Whether a line of JSON has half of a character in escapes, which Spark would make a question mark."""
    halves = f"regexp_replace({column}, {literal(PAIR)}, ' ') RLIKE {literal(LONE)}"
    return (
        f"(contains({column}, {literal(chr(92) + 'ud')}) OR contains({column}, {literal(chr(92) + 'uD')})) AND {halves}"
    )


def _parquet_schema(member: Member) -> pa.Schema:
    try:
        with heads.opened(member) as file:
            return pq.ParquetFile(file).schema_arrow
    except (OSError, pa.ArrowException) as error:
        reason = f"{member.name} cannot be read as its suffix says"
        raise Unreadable(reason, "restore the file", member) from error


def _cells(member: Member, schema: pa.Schema, columns: Sequence[str]) -> tuple[Cell, ...]:
    cells = []
    for column in columns:
        once(column, schema.names.count(column), member)
        kind = schema.field(column).type
        if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            reason = f'column "{column}" of {member.name} holds bytes, not text'
            raise Unreadable(reason, "write the column as strings", member)
        cell = cell_of(kind, column)
        if cell is None:
            reason = f'column "{column}" of {member.name} is of the type {kind}, which Spark does not write as text'
            raise Unreadable(reason, "write the column as strings", member)
        cells.append(cell)
    return tuple(cells)
