"""Who writes to whom in the demo. All hosts are under .example (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str

    @property
    def first(self) -> str:
        return self.name.split()[0] if self.name else self.address.split("@")[0]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in."""

    name: str
    address: str
    password: str

    @property
    def person(self) -> Person:
        return Person(self.name, self.address)


def _people(host: str, *names: tuple[str, str]) -> tuple[Person, ...]:
    return tuple(Person(name, f"{local}@{host}") for name, local in names)


ACCOUNTS = (
    Account("Kari Vestbø", "kari@fjord.example", "fjord-og-fjell"),
    Account("Ola Nes", "ola@fjord.example", "sol-i-november"),
)
KARI, OLA = (account.person for account in ACCOUNTS)
OWNERS = (KARI, OLA)

SOLVEIG, TORE, ALLE = _people(
    "kontor.fjord.example", ("Solveig Haugen", "solveig"), ("Tore Indrebø", "tore"), ("Alle på huset", "alle")
)
FERRY = _people(
    "fjordtrafikk.example",
    ("Gunnhild Sæter", "gunnhild.saeter"),
    ("Rune Øvrebø", "rune.ovrebo"),
    ("Driftssentralen", "drift"),
)
COUNCIL = _people(
    "vik-kommune.example",
    ("Marit Lid", "marit.lid"),
    ("Jon Arne Stø", "jon.arne.sto"),
    ("Postmottak Vik kommune", "postmottak"),
)
BAND = _people(
    "nesmusikklag.example",
    ("Ingunn Tveit", "ingunn"),
    ("Sverre Kvåle", "sverre"),
    ("Åse Marie Lunde", "ase.marie"),
    ("Bjørn Eikås", "bjorn"),
    ("Håkon Myrset", "hakon"),
    ("Randi Sunde", "randi"),
    ("Eldbjørg Hove", "eldbjorg"),
    ("Noteforvaltar Per", "notar"),
)
FAMILY = _people(
    "heime.example",
    ("Mamma", "berit"),
    ("Anders Vestbø", "anders"),
    ("Tante Gudrun", "gudrun"),
    ("Liv Nes", "liv"),
)
TEAM = _people(
    "nesil.example", ("Trude Bakke", "trude"), ("Kjell Ivar Grov", "kjell.ivar"), ("Siv Aasen", "siv")
)
CODERS = _people(
    "python-brukarar.example",
    ("Håvard Lie", "havard"),
    ("Ane Strand", "ane"),
    ("Mikkel Dahl", "mikkel"),
    ("Priya Raman", "priya"),
    ("Tom Askeland", "tom"),
    ("Eirin Solheim", "eirin"),
)
BAND_LIST = Person("Nes musikklag", "alle@nesmusikklag.example")
CODER_LIST = Person("Python-brukarar", "python@lister.example")
