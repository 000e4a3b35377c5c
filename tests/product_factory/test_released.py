"""The version by which what was made is known."""

from importlib.metadata import PackageNotFoundError

from product_factory import released


def test_a_working_copy_that_is_not_installed_says_so(monkeypatch):
    def none(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(released, "version", none)
    assert released.released() == "not installed"
