"""What can be checked of the documentation is: operations, messages, addresses, the page's API."""

import re
import typing
from pathlib import Path

import pytest

from sessions_app import protocol

ROOT = Path(__file__).parent.parent.parent
PROTOCOL = (ROOT / "docs/protocol.md").read_text()
OPERATIONS = [
    operation.__struct_config__.tag for operation in typing.get_args(protocol.AnyOperation)
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_is_documented(operation: str) -> None:
    assert f"| `{operation}` |" in PROTOCOL


def test_every_address_is_documented() -> None:
    source = (ROOT / "sessions_app/urls.py").read_text() + (
        ROOT / "sessions_app/routing.py"
    ).read_text()
    addresses = re.findall(r"path\(\s*\"([^\"]*)\"", source)
    assert len(addresses) > 8
    for address in addresses:
        words = re.sub(r"<[^>]*>", "<", address).strip("/").split("<")
        assert all(word.strip("/") in PROTOCOL for word in words), address


def test_every_call_of_the_page_api_is_documented() -> None:
    page = (ROOT / "docs/page-api.md").read_text()
    source = (ROOT / "frontend/src/session/api.ts").read_text()
    declared = re.search(r"export interface PlaygroundApi \{(.*?)\n\}", source, re.S)
    assert declared, "api.ts declares PlaygroundApi"
    names = re.findall(r"^  (?:readonly )?(\w+)[(:?]", declared.group(1), re.M)
    assert len(names) > 10
    for name in names:
        assert f"`{name}" in page, name


def test_links_between_documents_lead_somewhere() -> None:
    for document in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_files_stay_short() -> None:
    kinds = ("*.py", "*.ts", "*.svelte")
    folders = ("playground", "sessions_app", "frontend/src", "pyodide", "tests")
    long = [
        f"{file.relative_to(ROOT)}: {lines}"
        for folder in folders
        for kind in kinds
        for file in (ROOT / folder).rglob(kind)
        if not {"migrations", "node_modules", "build", "cache"} & set(file.parts)
        and (lines := len(file.read_text().splitlines())) > 400
        and not file.name.endswith(".gen.ts")
    ]
    assert long == []
