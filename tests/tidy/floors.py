"""Rooms and floors: the link graph (add_room in src/CMakeLists.txt), the include graph (the real
#includes) and the plan (FLOORS) must say the same. Arrows point down only."""
import os
import re

from tree import room_of

# The floor of each room, from docs/architecture.md. A room uses rooms of lower floors only.
FLOORS = {
    "base": 0, "telemetry": 0.5,
    "model": 1, "sketch": 1, "net": 1,
    "metrics": 2, "wire": 2, "store": 2,
    "events": 3, "series": 3, "registry": 3, "window": 3,
    "query": 4, "notify": 4,
    "rules": 5,
    "pipeline": 6,
    "api": 7,
    "config": 8,
    "cli": 9, "app": 9.5, "bin": 10,
}
# Rooms that must never meet, however their floors lie.
NEVER = {
    "net": {"model", "metrics"},
    "wire": {"net", "metrics"},
    "store": {"model"},
    "metrics": {"store"},
    "window": {"store"},
    "query": {"rules", "net"},
    "notify": {"rules", "query"},
    "rules": {"notify", "net", "store"},
    "pipeline": {"net", "wire"},
    "api": {"store"},
    "cli": {"rules"},
}
EVERYWHERE = {"base", "telemetry"}

ADD_ROOM = re.compile(r"add_room\(\s*NAME\s+(\w+)(.*?)\)", re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def declared(tree):
    """room → the rooms it may include, as src/CMakeLists.txt has them."""
    rooms = {}
    if not tree.exists("src/CMakeLists.txt"):
        return rooms
    for name, rest in ADD_ROOM.findall(tree.text("src/CMakeLists.txt")):
        words = rest.split()
        deps = words[words.index("DEPS") + 1:] if "DEPS" in words else []
        if "LIBS" in deps:
            deps = deps[:deps.index("LIBS")]
        rooms[name] = set(deps)
    return rooms


def check(tree):
    rooms = declared(tree)
    yield from check_plan(rooms)
    for path in tree.code("src", "include"):
        room = room_of(path)
        if room is None or room == "bin":
            continue
        if room not in rooms:
            yield f"{path}: room '{room}' has no add_room in src/CMakeLists.txt"
            continue
        yield from check_includes(tree, path, room, rooms[room])


def check_plan(rooms):
    for room, deps in rooms.items():
        if room not in FLOORS:
            yield f"src/CMakeLists.txt: room '{room}' has no floor in tests/tidy/floors.py"
            continue
        for dep in deps:
            if dep not in FLOORS or FLOORS[dep] >= FLOORS[room]:
                yield f"src/CMakeLists.txt: '{room}' may not use '{dep}', which is no lower floor"
            if dep in NEVER.get(room, set()):
                yield f"src/CMakeLists.txt: '{room}' must never use '{dep}'"


def check_includes(tree, path, room, deps):
    for number, line in enumerate(tree.lines(path), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        quote, target = found.groups()
        if target.startswith("vitals/"):
            used = target.split("/")[1]
            if used != room and used not in deps and used not in EVERYWHERE:
                yield f"{path}:{number}: '{room}' includes '{used}', which its DEPS do not list"
            if quote == '"':
                yield f"{path}:{number}: doors are included with <>"
        elif quote == '"' and path.startswith("src"):
            here = os.path.normpath(os.path.join(os.path.dirname(path), target))
            if not tree.exists(here) or room_of(here) != room:
                yield f"{path}:{number}: \"{target}\" is no private header of '{room}'"
        elif quote == '"':
            yield f"{path}:{number}: a door may not include a private header"
