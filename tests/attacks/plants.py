"""Planted leaks: one person nobody else is called like, every disguise, every place a text or a number can stand.

A plant is a disguise put into a place, and the detector that must find it there. The table is the product of the
disguises and the two places where text is most at home (the name of a unit, a comment of the release), and of one plain
name and every other place.
"""

import base64
import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import quote

NAME, LOGIN, EMAIL = "Zelda Quorvath", "zquorvath", "zelda.quorvath@acme.example"
ACCOUNT, UUID, NUMBER = "5f3a1c9e7b2d4a6f8e0c1b3d", "6f1c2f0e-3d5b-4c2a-9a51-08c7d1e2f3a4", "48151623"
ACCENTED = "Z\u00e9lda Qu\u00f6rvath"
PSEUDONYM = hashlib.sha256(b"a key" + LOGIN.encode()).hexdigest()[:32]
PEOPLE = (NAME, ACCENTED, LOGIN, EMAIL, ACCOUNT)
CYRILLIC = str.maketrans(
    "acehijkopstxy", "\u0430\u0441\u0435\u04bb\u0456\u0458\u043a\u043e\u0440\u0455\u0442\u0445\u0443"
)
GREEK = str.maketrans("aeinoptuv", "\u03b1\u03b5\u03b9\u03b7\u03bf\u03c1\u03c4\u03c5\u03bd")


def b64(text: str, before: str = "", after: str = "") -> str:
    return base64.b64encode((before + text + after).encode()).decode()


def wide(text: str) -> str:
    """As full-width letters."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def hashed(name: str, text: str, cut: int) -> str:
    return hashlib.new(name, text.encode()).hexdigest()[:cut]


DISGUISES = {
    "as it is": (NAME, "identifier"),
    "in capitals": (NAME.upper(), "identifier"),
    "last name first": ("Quorvath, Zelda", "identifier"),
    "inside a sentence": (f"the {NAME} crew", "identifier"),
    "glued to other words": ("ZeldaQuorvathsTeam", "identifier"),
    "with underscores": ("team_zelda_quorvath_2", "identifier"),
    "login": (f"Friends of {LOGIN}", "identifier"),
    "part before the at sign": ("zelda.quorvath", "identifier"),
    "without accents": ("Zelda Quorvath".replace("e", "e\u0301"), "identifier"),
    "full width": (wide(LOGIN), "identifier"),
    "mathematical letters": ("".join(chr(0x1D41A + ord(c) - 97) for c in LOGIN), "identifier"),
    "Cyrillic lookalikes": (LOGIN.translate(CYRILLIC), "identifier"),
    "Greek lookalikes": (LOGIN.translate(GREEK), "identifier"),
    "zero width": ("\u200b".join(LOGIN), "identifier"),
    "soft hyphens": ("\u00ad".join(NAME), "identifier"),
    "bidirectional marks": (f"\u202e{LOGIN}\u202c", "identifier"),
    "reversed": (NAME[::-1], "identifier_reversed"),
    "login reversed in a sentence": (f"crew {LOGIN[::-1]}", "identifier_reversed"),
    "rot13": (codecs.encode(NAME, "rot13"), "identifier_rot13"),
    "rot13 of the login": (codecs.encode(LOGIN, "rot13"), "identifier_rot13"),
    "percent": (quote(NAME).replace("Q", "%51"), "identifier_url"),
    "percent twice": (quote(quote("\u00e9" + ACCENTED)).replace("a", "%61"), "identifier_url"),
    "HTML": ("".join(f"&#{ord(char)};" for char in LOGIN), "identifier_url"),
    "escapes": ("".join(f"\\u{ord(char):04x}" for char in LOGIN), "identifier_url"),
    "invisible tags": ("Team" + "".join(chr(0xE0000 + ord(char)) for char in LOGIN), "identifier_url"),
    "base64": (b64(LOGIN), "identifier_base64"),
    "base64 without padding": (b64(NAME).rstrip("="), "identifier_base64"),
    "base64 at the second offset": (b64(LOGIN, before="x"), "identifier_base64"),
    "base64 at the third offset": (b64(LOGIN, before="xy", after="!!"), "identifier_base64"),
    "base64 in the alphabet of the web": (
        b64("\u00ff\u00fe>" + LOGIN).translate(str.maketrans("+/", "-_")),
        "identifier_base64",
    ),
    "base64 of the reversed": (b64(LOGIN[::-1]), "identifier_base64"),
    "base64 of UTF-16": (base64.b64encode(LOGIN.encode("utf-16-le")).decode(), "identifier_base64"),
    "base64 twice": (b64(b64(LOGIN)), "identifier_base64"),
    "hex": (LOGIN.encode().hex(), "identifier_hex"),
    "hex inside longer hex": ("00ff1" + NAME.encode().hex() + "9", "identifier_hex"),
    "hex in pairs": (LOGIN.encode().hex(":"), "identifier_hex"),
    "hex of UTF-16": (LOGIN.encode("utf-16-be").hex().upper(), "identifier_hex"),
    "UTF-16 misread": (("x" + LOGIN).encode("utf-16-be").decode("utf-16-le"), "identifier_utf16"),
    "UTF-16 packed": (f"{LOGIN}x".encode().decode("utf-16-le"), "identifier_utf16"),
    "MD5": (hashed("md5", EMAIL, 32), "identifier_hashed"),
    "MD5 cut to eight": (hashed("md5", LOGIN, 8), "identifier_hashed"),
    "SHA-1": (hashed("sha1", NAME, 40), "identifier_hashed"),
    "SHA-1 cut to twelve": ("g-" + hashed("sha1", LOGIN, 12), "identifier_hashed"),
    "SHA-256": (hashed("sha256", LOGIN, 64).upper(), "identifier_hashed"),
    "SHA-256 cut to ten": (hashed("sha256", EMAIL, 10), "identifier_hashed"),
    "SHA-256 with a line's end": (hashed("sha256", LOGIN + "\n", 64), "identifier_hashed"),
    "SHA-256 as base64": (base64.b64encode(hashlib.sha256(LOGIN.encode()).digest()).decode(), "identifier_hashed"),
    "SHA-512": (hashed("sha512", LOGIN, 128), "identifier_hashed"),
    "SHA-512 cut to nine": (hashed("sha512", "zelda quorvath", 9), "identifier_hashed"),
    "pseudonym": (PSEUDONYM, "pseudonym"),
    "pseudonym cut to eight": ("p" + PSEUDONYM[:8], "pseudonym"),
    "somebody else's address": ("hello@elsewhere.example", "email"),
    "somebody else's handle": ("led by @elsewhere", "handle"),
    "an author": ("author=elsewhere", "login"),
    "Jira's mention": ("[~elsewhere]", "login"),
    "UUID": (UUID, "uuid"),
    "account id": ("712020a1b2c3d4e5f6a7b8c9", "digest"),
    "commit": ("commit 1f3a9c2", "commit"),
    "node id": ("MDQ6VXNlcjQ4MTUxNjI=", "base64"),
    "telephone": ("+49 30 9018 2094", "phone"),
    "IPv4": ("10.20.30.40", "ip"),
    "IPv6": ("2001:db8:85a3::8a2e:370:7334", "ip"),
    "web address": ("https://tracker.example/people/7", "url"),
    "picture": ("avatars.example/u/7", "avatar"),
    "numeric id": (NUMBER, "long_number"),
    "issue": ("PAY-1234", "issue_key"),
    "pull request": ("meridian/web#12", "issue_key"),
    "time of a merge": ("2026-10-05T12:33:21Z", "exact_time"),
}


@dataclass(frozen=True)
class Plant:
    """Statements that plant a text (`?` where it goes), and what must be found where."""

    sql: tuple[str, ...]
    text: str = field(repr=False)
    detector: str
    column: str

    def into(self, run: Callable[[str], object]) -> None:
        """Plant it."""
        literal = "'" + self.text.replace("'", "''") + "'"
        name = '"' + self.text.replace('"', '""') + '"'
        for statement in self.sql:
            run(statement.replace("<text>", literal).replace("<name>", name))


TABLE = "vault.protected.team_delivery"
UNITS = "vault.intermediate.int_units"
ODD = "(unregistered)"


def column(kind: str, value: str, *before: str) -> tuple[str, ...]:
    """A column more, of this type, and what it holds in one row."""
    return (
        *before,
        f"alter table {TABLE} add column note {kind}",
        f"update {TABLE} set note = {value} where unit_id = 'xx'",
    )


IN_UNIT_NAME = (f"update {UNITS} set unit_name = <text> where unit_id = 'xx'",)
CANDIDATE_PLACES = {
    "the id of a unit": ((f"update {TABLE} set unit_id = <text> where unit_id = 'xx'",), "unit_id"),
    "the id of a unit in the tree": ((f"update {UNITS} set unit_id = <text> where unit_id = 'xx'",), "unit_id"),
    "a team of cells": (("update vault.protected.cells set team_id = <text> where team_id = 'aa'",), "team_id"),
    "an atom of cells": (("update vault.protected.cells set unit_id = <text> where unit_id = 'aa'",), "unit_id"),
    "the id of a rest": ((f"update {TABLE} set unit_id = 'rest:' || <text> where unit_id = 'rest:g1'",), "unit_id"),
    "a band": ((f"update {TABLE} set size_band = <text> where unit_id = 'xx'",), "size_band"),
    "a status": ((f"update {TABLE} set status = <text> where unit_id = 'xx'",), "status"),
    "a level": ((f"update {TABLE} set unit_level = <text> where unit_id = 'xx'",), "unit_level"),
    "the name of a column": ((f"alter table {TABLE} add column <name> bigint",), ODD),
    "a column of text": (column("varchar", "<text>"), ODD),
    "a value of JSON": (column("json", "json_object('who', ['x', <text>])"), ODD),
    "a key of JSON": (column("json", "json_object(<text>, 1)"), ODD),
    "JSON in text": (column("varchar", "'[{\"by\": ' || to_json(<text>) || '}]'"), ODD),
    "JSON in JSON": (column("json", "to_json(json_object('who', <text>)::varchar)"), ODD),
    "a list": (column("varchar[]", "['x', <text>]"), ODD),
    "a list of lists": (column("varchar[][]", "[['x'], [<text>]]"), ODD),
    "an array": (column("varchar[2]", "array_value('x', <text>)"), ODD),
    "a struct": (column("struct(n integer, who varchar)", "{'n': 1, 'who': <text>}"), ODD),
    "a field of a struct": (column("struct(<name> integer)", "row(1)"), ODD),
    "a key of a map": (column("map(varchar, integer)", "map([<text>], [1])"), ODD),
    "a union": (column("union(n integer, who varchar)", "union_value(who := <text>)"), ODD),
    "bytes": (column("blob", "encode(<text>)"), ODD),
    "a word of an enum": (column("enum('x', <text>)", "'x'"), ODD),
}
NUMBERS = {
    "a time": (column("timestamp", "timestamp '2026-01-30 12:33:21'"), "exact_time", ODD),
    "a time of day": (column("time", "time '12:33:21'"), "exact_time", ODD),
    "a duration": (column("interval", "interval 341 seconds"), "exact_time", ODD),
    "a time as a number": (column("bigint", "1769776401"), "epoch", ODD),
    "an exact duration": (
        (f"update {TABLE} set cycle_time_hours_p50 = 16.3719 where unit_id = 'aa'",),
        "unrounded",
        "cycle_time_hours_p50",
    ),
    "an exact share": (column("decimal(18, 6)", "0.142857"), "unrounded", ODD),
    "a row for each person": (
        (
            f"insert into {TABLE} (period_start, period_end, unit_id, changes_merged) "
            "select period_start, period_start + 27, 'xx', row_number() over (partition by period_start) "
            "from vault.intermediate.int_members where period_start = '2026-01-26'",
        ),
        "per_person",
        "changes_merged",
    ),
}
FRESH = "fresh.main.team_delivery"
IN_COMMENT = (f"comment on column {FRESH}.status is <text>",)
RELEASE_PLACES = {
    "a comment on a table": ((f"comment on table {FRESH} is <text>",), ""),
    "a default": ((f"alter table {FRESH} alter status set default <text>",), "status"),
    "the name of a view": (("create view fresh.main.<name> as select 1 as one",), ""),
    "a view's query": (("create view fresh.main.v as select <text> as one",), ""),
    "a view's column": (("create view fresh.main.v as select 1 as <name>",), ""),
    "the name of a table": (("create table fresh.main.<name> (one integer)",), ""),
    "the name of a column": ((f"alter table {FRESH} add column <name> integer",), ODD),
    "a word of an enum": (("create type fresh.main.word as enum ('x', <text>)",), ""),
    "the name of a type": (("create type fresh.main.<name> as integer",), ""),
    "a macro": (("create macro fresh.main.m() as <text>",), ""),
    "the name of a sequence": (("create sequence fresh.main.<name>",), ""),
    "the name of an index": ((f"create index <name> on {FRESH} (unit_id)",), ""),
    "the name of a schema": (("create schema fresh.<name>",), ""),
    "a table of another schema": (("create schema fresh.s", "create table fresh.s.<name> (one integer)"), ""),
    "a constraint": (("create table fresh.main.t (one varchar check (one <> <text>))",), ""),
    "a cell": ((f"update {FRESH} set status = <text> where unit_id = 'xx'",), "status"),
    "a cell of the tree": (("update fresh.main.units set unit_name = <text> where unit_id = 'xx'",), "unit_name"),
    "a digest of the register": (("update fresh.main.releases set policy = <text>",), "policy"),
}


def candidate_plants() -> dict[str, Plant]:
    """Everything planted in a candidate before the gate."""
    found = {
        f"{how}, in the name of a unit": Plant(IN_UNIT_NAME, text, detector, "unit_name")
        for how, (text, detector) in DISGUISES.items()
    }
    for where, (sql, shown) in CANDIDATE_PLACES.items():
        found[f"as it is, in {where}"] = Plant(sql, NAME, "identifier", shown)
        found[f"base64, in {where}"] = Plant(sql, b64(NAME, before="by "), "identifier_base64", shown)
    return found | {what: Plant(sql, "", detector, shown) for what, (sql, detector, shown) in NUMBERS.items()}


def release_plants() -> dict[str, Plant]:
    """Everything planted in a written release before the swap."""
    found = {
        f"{how}, in a comment on a column": Plant(IN_COMMENT, text, detector, "status")
        for how, (text, detector) in DISGUISES.items()
    }
    for where, (sql, shown) in RELEASE_PLACES.items():
        found[f"as it is, in {where}"] = Plant(sql, NAME, "identifier", shown)
        found[f"hashed, in {where}"] = Plant(sql, hashed("sha1", LOGIN, 40), "identifier_hashed", shown)
    return found
