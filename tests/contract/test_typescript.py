"""The generated TypeScript is fresh."""

from sessions_app import typescript


def test_generated_protocol_is_fresh() -> None:
    assert typescript.TARGET.read_text() == typescript.generate(), "run `make protocol`"
