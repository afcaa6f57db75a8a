"""Which keys a reload has put to use, and which it has taken out of use."""

from typing import NamedTuple

from config.model import Config
from config.schema import INHERITED

UNUSED = ("", (), None)


class Changes(NamedTuple):
    """The paths of keys, sorted. A channel's begin with its name; one added or removed is one path."""

    in_use: list[str]
    no_longer: list[str]


def changes(old: Config, new: Config) -> Changes:
    """Compares what is in effect. What a channel inherits is named once, as the top level's."""
    top = _changed(old.values, new.values)
    keys = dict(top)
    for name, values in new.channel_values.items():
        if name in old.channel_values:
            own = _changed(old.channel_values[name], values)
            inherited = {key for key in INHERITED if key in own and key in top and own[key] == top[key]}
            keys |= {f"channels.{name}.{key}": own[key] for key in own.keys() - inherited}
        else:
            keys[f"channels.{name}"] = values
    keys |= {f"channels.{name}": None for name in old.channel_values.keys() - new.channel_values.keys()}
    unused = {key for key, value in keys.items() if value in UNUSED}
    return Changes(sorted(keys.keys() - unused), sorted(unused))


def _changed(old: dict[str, object], new: dict[str, object]) -> dict[str, object]:
    """The new values of the keys whose values differ."""
    return {key: value for key, value in new.items() if value != old.get(key)}
