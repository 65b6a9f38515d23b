"""One module a system: a docstring (what is read, what is not, why, how it pages), streams and one constant `SYSTEM`.

quorum.yaml names the systems and `load` finds them; there is no second list. A module with an underscore in its name
is part of a system.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil

from sources.stream import System


def names() -> tuple[str, ...]:
    """The systems that exist, by module name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if "_" not in module.name))


def load(name: str) -> System:
    """The system of this name."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names())}."
        message = f"no system is called {name!r}; {hint}"
        raise ValueError(message)
    system = importlib.import_module(f"{__name__}.{name}").SYSTEM
    if not isinstance(system, System):
        message = f"sources/systems/{name}.py: SYSTEM is not a System"
        raise TypeError(message)
    return system
