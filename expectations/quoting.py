"""Names and texts as SQL takes them."""


def identifier(name: str) -> str:
    """A name in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def string(value: object) -> str:
    """A text, or a path, in single quotes."""
    return "'" + str(value).replace("'", "''") + "'"
