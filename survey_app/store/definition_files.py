"""Which instruments and programmes do the definition files hold, and what is wrong with them?

The only reader of YAML. It reads with YAML's safe loader, narrowed so that people can write what
they mean: `yes` and `no` are the codes "yes" and "no", `1.10` is a version and not a number,
`20:00` is a time of day and not 1200, and a key that stands twice is a fault.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from survey_app.domain.definitions import Fault, FaultCode, Faults, content_hash
from survey_app.domain.instruments import Instrument, latest_versions, parse_instrument
from survey_app.domain.programmes import Programme, instrument_faults, parse_programme

SHIPPED = Path(__file__).resolve().parents[2] / "instruments"
"""Where the shipped definitions stand; programmes in its folder `programmes`."""

InstrumentId: TypeAlias = tuple[str, str]
"""Key and version."""


@dataclass(frozen=True)
class FileFault:
    """A fault and the name of the file that it is in."""

    file: str
    fault: Fault


@dataclass(frozen=True)
class DefinitionFolder:
    """What the files of a definition folder say, and what is wrong with those left out."""

    instruments: Mapping[InstrumentId, Instrument]
    programmes: Mapping[str, Programme]
    instrument_files: Mapping[InstrumentId, str]
    faults: tuple[FileFault, ...]


class DefinitionFaults(Exception):
    """Definition files are wrong; `faults` says where and how, file by file."""

    def __init__(self, faults: Iterable[FileFault]) -> None:
        """Keep the faults; the message names them by their codes, without wording."""
        self.faults = tuple(faults)
        super().__init__(
            "; ".join(
                f"{found.file}: {found.fault.item or '-'}: {found.fault.code}: {found.fault.detail}"
                for found in self.faults
            )
        )


def load_instruments(folder: Path) -> Mapping[InstrumentId, Instrument]:
    """Return every instrument version defined by `folder/*.yaml`, by key and version.

    Raises DefinitionFaults with every fault of every instrument file.
    """
    instruments, _, faults = _read_instruments(folder)
    if faults:
        raise DefinitionFaults(faults)
    return instruments


def load_programmes(
    folder: Path, instruments: Mapping[InstrumentId, Instrument]
) -> Mapping[str, Programme]:
    """Return every programme template defined by `folder/*.yaml`, by key.

    Raises DefinitionFaults with every fault of every programme file, also where one names an
    instrument that is not among `instruments`, or not of the kind it needs.
    """
    programmes, faults = _read_programmes(folder, instruments)
    if faults:
        raise DefinitionFaults(faults)
    return programmes


def read_word_lists(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the words that a file lists for each language.

    Raises DefinitionFaults where it is no mapping of languages to lists.
    """
    read = _read(path)
    if isinstance(read, Faults):
        raise DefinitionFaults(FileFault(path.name, fault) for fault in read.faults)
    return {language: tuple(str(word) for word in words) for language, words in read.items()}


def read_folder(folder: Path) -> DefinitionFolder:
    """Read `folder/*.yaml` and `folder/programmes/*.yaml`, keeping their faults beside the rest."""
    instruments, files, faults = _read_instruments(folder)
    programmes, programme_faults = _read_programmes(folder / "programmes", instruments)
    return DefinitionFolder(instruments, programmes, files, (*faults, *programme_faults))


def changed_versions(
    folder: DefinitionFolder, used_hashes: Mapping[InstrumentId, str]
) -> tuple[FileFault, ...]:
    """Return the used versions whose file no longer says what it said when first used.

    `used_hashes` are the content hashes kept with the snapshots. A version whose file is gone is no
    fault: its snapshot stands.
    """
    return tuple(
        FileFault(
            folder.instrument_files[used], Fault(None, FaultCode.USED_VERSION_CHANGED, used[1])
        )
        for used, used_hash in sorted(used_hashes.items())
        if used in folder.instruments and content_hash(folder.instruments[used]) != used_hash
    )


def _read_instruments(
    folder: Path,
) -> tuple[dict[InstrumentId, Instrument], dict[InstrumentId, str], list[FileFault]]:
    loaded: dict[InstrumentId, Instrument] = {}
    files: dict[InstrumentId, str] = {}
    faults: list[FileFault] = []
    for file, raw in _read_files(folder):
        parsed = raw if isinstance(raw, Faults) else parse_instrument(raw)
        if isinstance(parsed, Faults):
            faults += [FileFault(file, fault) for fault in parsed.faults]
            continue
        identity = (parsed.key, parsed.version)
        if identity in loaded:
            detail = f"{parsed.key} {parsed.version} ({files[identity]})"
            faults.append(FileFault(file, Fault(None, FaultCode.DUPLICATE_VERSION, detail)))
            continue
        loaded[identity] = parsed
        files[identity] = file
    return loaded, files, faults


def _read_programmes(
    folder: Path, instruments: Mapping[InstrumentId, Instrument]
) -> tuple[dict[str, Programme], list[FileFault]]:
    newest = latest_versions(instruments.values())
    loaded: dict[str, Programme] = {}
    faults: list[FileFault] = []
    for file, raw in _read_files(folder):
        parsed = raw if isinstance(raw, Faults) else parse_programme(raw)
        if isinstance(parsed, Faults):
            faults += [FileFault(file, fault) for fault in parsed.faults]
            continue
        faults += [FileFault(file, fault) for fault in instrument_faults(parsed, newest)]
        if parsed.key in loaded:
            duplicate = Fault(None, FaultCode.DUPLICATE_VERSION, parsed.key)
            faults.append(FileFault(file, duplicate))
        loaded.setdefault(parsed.key, parsed)
    return loaded, faults


def _read_files(folder: Path) -> Iterator[tuple[str, Mapping[str, Any] | Faults]]:
    """Yield each file's name and content, in the order of names."""
    for path in sorted(folder.glob("*.yaml")):
        yield path.name, _read(path)


def _read(path: Path) -> Mapping[str, Any] | Faults:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return Faults((Fault(None, FaultCode.UNREADABLE, _where(error)),))
    if not isinstance(content, dict):
        return Faults((Fault(None, FaultCode.UNREADABLE, "not a list of keys and values"),))
    return content


def _where(error: Exception) -> str:
    """Say in which line YAML gave up, and what it found there."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    return str(error)


class _PlainLoader(yaml.SafeLoader):
    """The safe loader, knowing text, whole numbers, true, false and null, and no repeated keys."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012  (PyYAML's own shape)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping. Raises ConstructorError at a key that stands twice."""
        seen: set[str] = set()
        scalars = (key for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        for key in scalars:
            if key.value in seen:
                problem = f"the key {key.value} stands twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), "tf")
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(?:0|-?[1-9][0-9]*)$"), "-0123456789"
)
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""]
)
