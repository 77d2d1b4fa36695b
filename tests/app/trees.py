"""Small projects on disk."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
manifest: 1
name: {name}
version: "1"
stakes: low
task: {{name: intent, judgment: objective}}
novelty: established
splits:
  train:
    purpose: training
    components:
      - {{name: tickets, origin: {origin}, records: 1000, labels: {{by: expert}}}}
"""
POLICY = """\
policy: 1
name: house
version: "1"
rules:
  max-synthetic-ratio:
    limits:
      - {max: 0.30, because: "the house rule"}
"""
IDENTITY = {
    "GIT_AUTHOR_NAME": "ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def manifest(name: str = "support", origin: str = "human") -> str:
    """A whole manifest; with a synthetic `origin` it fails the rule of `POLICY`."""
    return MANIFEST.format(name=name, origin=origin)


def write(root: Path, *names: str, **files: str) -> None:
    """Make files with the text of their own name, or with the text given."""
    for name, text in [*((name, name) for name in names), *files.items()]:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder` and give what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | IDENTITY
    command = ["git", "-C", str(folder), "-c", "protocol.file.allow=always", *arguments]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def repository(folder: Path, *names: str) -> Path:
    """A new repository with these files committed."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    write(folder, *names)
    if names:
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "first")
    return folder
