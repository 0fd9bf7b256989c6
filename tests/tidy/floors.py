"""Rooms and floors: the link graph (add_room in src/CMakeLists.txt), the include graph (the real
#includes) and the plan (the table in docs/architecture.md) must say the same. Arrows point down only."""
import os
import re

from tree import room_of

PLAN = "docs/architecture.md"
ROW = re.compile(r"^\|\s*(\d+)\s*\|([^|]+)\|[^|]*\|([^|]*)\|$")
EVERYWHERE = {"base", "telemetry"}

ADD_ROOM = re.compile(r"add_room\(\s*NAME\s+(\w+)(.*?)\)", re.S)
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def planned(tree):
    """room → its floor, and room → the rooms it must never meet, however their floors lie."""
    rows = [found.groups() for found in map(ROW.match, tree.lines(PLAN)) if found]
    floors = {room: int(floor) for floor, rooms, _ in rows for room in re.findall(r"`(\w+)`", rooms)}
    never = {room: set(re.findall(r"\w+", words)) & set(floors)
             for _, rooms, words in rows for room in re.findall(r"`(\w+)`", rooms)}
    return floors, never


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
    yield from check_plan(rooms, *planned(tree))
    for path in tree.code("src", "include"):
        room = room_of(path)
        if room is None or room == "bin":
            continue
        if room not in rooms:
            yield f"{path}: room '{room}' has no add_room in src/CMakeLists.txt"
            continue
        yield from check_includes(tree, path, room, rooms[room])


def check_plan(rooms, floors, never):
    for room, deps in rooms.items():
        if room not in floors:
            yield f"src/CMakeLists.txt: room '{room}' has no floor in {PLAN}"
            continue
        # base comes first, then telemetry; every other room may use both.
        for dep in deps - (EVERYWHERE if room not in EVERYWHERE else {"base"} - {room}):
            if floors.get(dep, floors[room]) >= floors[room]:
                yield f"src/CMakeLists.txt: '{room}' may not use '{dep}', which is no lower floor"
            if dep in never[room]:
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
