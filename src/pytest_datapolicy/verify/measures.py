"""What the data files of one data set hold: the protocol `Data`, independent of the engine."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from pytest_datapolicy.model.data import DataFile, Diversity, Duplicates, Evaluation, Overlap, Unmeasured
from pytest_datapolicy.model.rule import EVALUATION
from pytest_datapolicy.verify.counting import Claims
from pytest_datapolicy.verify.digests import listing_digest
from pytest_datapolicy.verify.records import Asked, Part, asked_of, parts_of, rows_of, shape_of, texts_of
from pytest_datapolicy.verify.sources import changed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlglot import exp

    from pytest_datapolicy.model.data import Counts, Tails
    from pytest_datapolicy.model.manifest import Component, Manifest, Split
    from pytest_datapolicy.verify.engine import Table
    from pytest_datapolicy.verify.overlap import Texts
    from pytest_datapolicy.verify.reading import Files

TRAINING = ("training", "preference")


class DataSet:
    """See the protocol `Data`."""

    def __init__(self, manifest: Manifest, files: Files, find: Callable[[str], tuple[Manifest, str] | None]) -> None:
        self._manifest = manifest
        self._files = files
        self._find = find
        self._claims = Claims(manifest, files)
        self._others: dict[str, tuple[Manifest, Files]] = {}
        self._counts: dict[tuple[str, str], Counts | Unmeasured] = {}

    def files(self, component: Component) -> tuple[DataFile, ...]:
        made = []
        for index, entry in enumerate(self._claims.entries(component)):
            at = component.at("files", index, "path")
            fault = None if entry.fault is None else entry.fault._replace(at=at)
            size = sum(member.size for member in entry.members)
            made.append(DataFile(entry.path, at, fault, entry.listing, len(entry.members), size))
        return tuple(made)

    def sha256(self, component: Component, index: int) -> str | Unmeasured:
        entry = self._claims.entries(component)[index]
        at = component.at("files", index, "path")
        if entry.fault is not None:
            return entry.fault._replace(at=at)
        digests = self._files.digests(entry.members)
        fault = next((digest for digest in digests if isinstance(digest, Unmeasured)), None) or changed(entry.members)
        if fault is not None:
            return fault._replace(at=at)
        known = [str(digest) for digest in digests]
        return listing_digest(entry.members, known) if entry.listing else known[0]

    def counts(self, component: Component) -> Counts | Unmeasured:
        key = component.split.name, component.name
        if key not in self._counts:
            self._counts[key] = self._claims.counts(component)
        return self._counts[key]

    def evaluations(self) -> Iterable[Evaluation]:
        for split in self._manifest.splits:
            if split.purpose in EVALUATION:
                yield Evaluation(split.name, split.pointer, split)
        for index, reference in enumerate(self._manifest.evaluated_by):
            name, _, inner = reference.partition("#")
            other = self._other(name)
            if other is None or name == self._manifest.reference:
                continue
            wanted = inner.partition("/")[0]
            for split in other[0].splits:
                if split.purpose in EVALUATION and wanted in ("", split.name):
                    yield Evaluation(f"{name}#{split.name}", self._manifest.at("evaluated_by", index), split)

    def _other(self, reference: str) -> tuple[Manifest, Files] | None:
        """Another data set of the project."""
        if reference not in self._others:
            found = self._find(reference)
            if found is None:
                return None
            self._others[reference] = found[0], self._files.elsewhere(found[1])
        return self._others[reference]

    def _files_of(self, split: Split) -> Files:
        if split.manifest.reference == self._manifest.reference:
            return self._files
        other = self._other(split.manifest.reference)
        assert other is not None
        return other[1]

    def overlap(self, evaluation: Evaluation) -> Overlap | Unmeasured | None:
        from pytest_datapolicy.verify import overlap

        trained = [split for split in self._manifest.splits if split.purpose in TRAINING]
        if not trained:
            return None
        test = _side([evaluation.split], self._files_of, with_id=True)
        train = _side(trained, self._files_of)
        for side in (test, train):
            if isinstance(side, Unmeasured):
                # What stands in another manifest is pointed at from this one.
                own = side is not test or evaluation.split.manifest.reference == self._manifest.reference
                return side if own and side.at else side._replace(at=evaluation.at)
        assert not isinstance(test, Unmeasured)
        assert not isinstance(train, Unmeasured)
        if not test.parts:
            return Overlap(0, 0, 0)
        show = self._files.show_records

        def compute(tables: Sequence[Table]) -> dict[str, Any]:
            cut = len(test.parts)
            return overlap.overlap(
                self._texts(test, tables[:cut]), self._texts(train, tables[cut:]), self._files.engine(), show=show
            )

        found = self._files.measured(
            ["overlap", test.shape, train.shape],
            test.inputs + train.inputs,
            compute,
            _are_records("records", "exact", "grams"),
        )
        if isinstance(found, Unmeasured):
            return found._replace(at=evaluation.at) if not found.at else found
        ids, texts = _first(found["first"], test, show=show)
        names = tuple(split.name for split in trained)
        return Overlap(found["records"], found["exact"], found["grams"], ids, texts, names)

    def _texts(self, side: _Side, tables: Sequence[Table]) -> Texts:
        from pytest_datapolicy.verify.overlap import Texts

        return Texts(lambda: side.texts(tables, self._files), lambda: side.texts(tables, self._files, whole=True))

    def duplicates(self, split: Split) -> Duplicates | Unmeasured:
        from pytest_datapolicy.verify import overlap

        side = _side([split], self._files_of, with_id=True)
        if isinstance(side, Unmeasured):
            return side
        if not side.parts:
            return Duplicates(0, 0)
        show = self._files.show_records
        found = self._files.measured(
            ["duplicates", side.shape],
            side.inputs,
            lambda tables: overlap.duplicates(self._texts(side, tables), self._files.engine(), show=show),
            _are_records("records", "duplicates"),
        )
        if isinstance(found, Unmeasured):
            return found
        return Duplicates(found["records"], found["duplicates"], *_first(found["first"], side, show=show))

    def tails(self, split: Split, column: str | None) -> Tails | Unmeasured:
        from pytest_datapolicy.verify import tails

        category = column or split.tree.get("columns", {}).get("category")
        if category is None:
            reason = f"split {split.name} does not say which column holds the category"
            return Unmeasured(reason, "name it in columns.category", split.at("columns", "category"), "undeclared")
        whole = parts_of(split.components, [category], self._files)
        synthetic = parts_of([item for item in split.components if item.is_synthetic], [category], self._files)
        core = parts_of([item for item in split.components if item.is_real], [category], self._files)
        for side in (whole, synthetic, core):
            if isinstance(side, Unmeasured):
                return side
        assert not isinstance(whole, Unmeasured)
        assert not isinstance(synthetic, Unmeasured)
        assert not isinstance(core, Unmeasured)
        core += self._earlier_core(split, column, category)
        if not core:
            return _no_core(split)
        sides = [core, whole, synthetic]
        parts = [part for side in sides for part in side]

        def compute(tables: Sequence[Table]) -> dict[str, Any]:
            ends = len(core), len(core) + len(whole)
            looks: dict[str, Callable[[], exp.Query]] = {"whole": lambda: rows_of(whole, tables[ends[0] : ends[1]])}
            if synthetic:
                looks["synthetic"] = lambda: rows_of(synthetic, tables[ends[1] :])
            return tails.counted(lambda: rows_of(core, tables[: ends[0]]), looks, self._files.engine())

        found = self._files.measured(
            ["tails", *[shape_of(side) for side in sides]], [part.source for part in parts], compute, tails.is_counted
        )
        if isinstance(found, Unmeasured):
            return found
        if found["categories"] > tails.MOST_CATEGORIES:
            reason = f'column "{category}" has {found["categories"]:,} values, so they are no categories'
            return Unmeasured(reason, "name a column of categories", split.at("columns", "category"), "undeclared")
        if not found["core"]:
            return _no_core(split)
        return tails.tails(category, found, {name for component in split.components for name in component.slices})

    def _earlier_core(self, split: Split, column: str | None, category: str) -> list[Part]:
        """The real records of the version before, where the project has it and its files can be read."""
        previous = self._manifest.previous
        other = None if previous is None else self._other(previous)
        if other is None:
            return []
        manifest, files = other
        same = manifest.split(split.name)
        splits = [same] if same is not None else [item for item in manifest.splits if item.purpose == split.purpose]
        found: list[Part] = []
        for item in splits:
            named = column or item.tree.get("columns", {}).get("category", category)
            parts = parts_of([component for component in item.components if component.is_real], [named], files)
            found += [] if isinstance(parts, Unmeasured) else parts
        return found

    def diversity(self, split: Split, metric: str) -> Diversity | Unmeasured:
        from pytest_datapolicy.verify import diversity

        sides = []
        for kind in ("real", "synthetic"):
            components = [item for item in split.components if item.is_real == (kind == "real")]
            side = _side([split], self._files_of, components)
            if isinstance(side, Unmeasured):
                return side
            if not side.parts:
                reason = f"split {split.name} has no {kind} records"
                return Unmeasured(reason, "compare a split that has both", split.at("components"), "support")
            sides.append(side)
        first, second = sides

        def compute(tables: Sequence[Table]) -> dict[str, Any]:
            cut = len(first.parts)
            engine = self._files.engine()
            samples = [
                diversity.sample(lambda side=side, part=part: side.texts(part, self._files), engine)  # type: ignore[misc]
                for side, part in ((first, tables[:cut]), (second, tables[cut:]))
            ]
            return diversity.measured(*samples)

        found = self._files.measured(
            ["diversity", zlib.ZLIB_RUNTIME_VERSION, first.shape, second.shape],
            first.inputs + second.inputs,
            compute,
            diversity.is_measured,
        )
        if isinstance(found, Unmeasured):
            return found
        if found["tokens"] < diversity.FEWEST_WORDS:
            reason = f"the samples have {found['tokens']:,} words each, at least {diversity.FEWEST_WORDS:,} needed"
            return Unmeasured(reason, "compare larger parts", split.at("components"), "support")
        real, synthetic = map(diversity.share, found["metrics"][metric])
        if not real:
            reason = f"the real sample has no run of {metric[-1]} words"
            return Unmeasured(reason, "choose another metric", split.at("components"), "support")
        return Diversity(metric, real, synthetic, found["tokens"])


class _Side:
    """The records of some splits with what the manifests say of their columns."""

    def __init__(self, found: list[tuple[Asked, list[Part]]]) -> None:
        self._found = found
        self.parts = [part for _, parts in found for part in parts]
        self.inputs = [part.source for part in self.parts]
        self.shape = [[asked.text, asked.id is not None, shape_of(parts)] for asked, parts in found]
        self.has_ids = all(asked.id is not None for asked, _ in found)

    def texts(self, tables: Sequence[Table], files: Files, *, whole: bool = False) -> exp.Select:
        from sqlglot import exp

        queries: list[exp.Select] = []
        start = 0
        for asked, parts in self._found:
            if parts:
                used = tables[start : start + len(parts)]
                queries.append(texts_of(asked, parts, used, files.engine(), whole=whole))
                start += len(parts)
        query: exp.Query = queries[0]
        for other in queries[1:]:
            query = exp.union(query, other, distinct=False)
        return query if isinstance(query, exp.Select) else exp.select(*_names(whole=whole)).from_(query.subquery("o"))


def _names(*, whole: bool) -> tuple[str, ...]:
    return ("x", "raw", "id") if whole else ("x",)


def _side(
    splits: Iterable[Split],
    files_of: Callable[[Split], Files],
    components: Sequence[Component] | None = None,
    *,
    with_id: bool = False,
) -> _Side | Unmeasured:
    found = []
    for split in splits:
        asked = asked_of(split, with_id=with_id)
        if isinstance(asked, Unmeasured):
            return asked
        cells = [*asked.text, *([asked.id] if asked.id is not None else [])]
        parts = parts_of(split.components if components is None else components, cells, files_of(split))
        if isinstance(parts, Unmeasured):
            return parts
        found.append((asked, parts))
    return _Side(found)


def _first(rows: Iterable[Sequence[str]], side: _Side, *, show: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids, where there are any, and texts, where they may be shown."""
    pairs = list(rows)
    ids = tuple(row[0] for row in pairs) if side.has_ids else ()
    return ids, tuple(row[1] for row in pairs) if show else ()


def _are_records(*counts: str) -> Callable[[Any], bool]:
    """Whether something read from the cache has these counts and the first few records."""

    def check(found: Any) -> bool:
        return (
            isinstance(found, dict)
            and all(isinstance(found[name], int) for name in counts)
            and all(len(row) == 2 and all(isinstance(cell, str) for cell in row) for row in found["first"])
        )

    return check


def _no_core(split: Split) -> Unmeasured:
    reason = f"split {split.name} has no real records to compare with"
    return Unmeasured(reason, "name a real component with its files", split.at("components"), "support")
