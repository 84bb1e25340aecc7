"""Who works at the demo company, and whom it knows."""

from dataclasses import dataclass

DOMAIN = "harbor.example"
PASSWORD = "leansoft-demo"
"""For everybody, in Leansoft and at the sandbox's sign-in."""
ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    key: str
    name: str
    administrator: bool = False
    shares_details: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


COLLEAGUES = (
    Colleague(key="ada", name="Ada Lindqvist", administrator=True),
    Colleague(key="ben", name="Ben Okafor", shares_details=True),
    Colleague(key="chiara", name="Chiara Rossi", shares_details=True),
    Colleague(key="dev", name="Devika Raman"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    name: str
    email: str | None
    company: str = ""
    phone: str = ""


OUTSIDERS = (
    Outsider(name="Amélie Fournier", email="amelie@atelier-nord.example", company="Atelier Nord"),
    Outsider(
        name="Bastian Krüger",
        email="bastian.krueger@krueger-soehne.example",
        company="Krüger & Söhne Anlagenbau GmbH",
        phone="+49 30 5550 1824",
    ),
    Outsider(name="Eleni Papadaki", email="eleni@meltemi.example", company="Meltemi Shipping"),
    Outsider(name="Grace Mbeki", email="grace@tidewater.example", company="Tidewater Legal"),
    Outsider(name="Hassan El-Amrani", email="hassan@rihla.example", company="رحلة للسفر"),
    Outsider(name="Jonas Lund", email="jonas@lundgruppen.example", phone="+45 55 50 12 34"),
    Outsider(name="Marisol Vega", email="marisol@vega-foto.example", company="Vega Fotografía"),
    Outsider(name="Noor van Dijk", email="noor@client.example", company="Client & Co"),
    Outsider(name="Ольга Петренко", email="olga@kvitka.example", company="Квітка"),
    Outsider(name="山田 太郎", email="taro@minato-design.example", company="港デザイン"),
    Outsider(name="Wren Halloran", email="wren@halloran.example", company="Halloran Recruiting"),
    Outsider(name="Pier Nine Catering", email=None, company="Pier Nine", phone="+49 30 5550 9900"),
)
