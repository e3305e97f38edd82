"""How the house says that something is wrong: the problem with its value and unit, then what to do."""

from cordiale.words import Language, say


class CordialeError(ValueError):
    """A problem a person can act on.

    Parameters
    ----------
    key : str
        The entry `error.<key>` of the word catalogues, for instance `"earth.latitude"`.
    values
        What the catalogue's text needs: always the offending value, in the unit the text names.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def problem(self, language: Language = "en") -> str:
        """What is wrong, in one sentence."""
        return say(f"error.{self.key}.problem", language, **self.values)

    def hint(self, language: Language = "en") -> str:
        """What to do about it, in one sentence."""
        return say(f"error.{self.key}.hint", language, **self.values)

    def text(self, language: Language = "en") -> str:
        """The problem, an empty line and the hint."""
        return f"{self.problem(language)}\n\nhint: {self.hint(language)}"

    def __str__(self) -> str:
        return self.text("en")


class InvalidPosition(CordialeError):
    """A position that cannot be on Earth or cannot be read."""


class InvalidInstant(CordialeError):
    """A time that cannot be read."""
