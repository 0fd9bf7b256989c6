"""The top level, the furniture of each room, and headers that nobody includes."""
import os
import re

TOP = {
    "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "CHANGELOG.md",
    "CONTRIBUTING.md", "src", "include", "config", "tests", "docs", "packaging",
}


def check(tree):
    for name in sorted({path.split(os.sep)[0] for path in tree.files}):
        if name not in TOP and not name.startswith("."):
            yield f"{name}: not part of the top level"
    rooms = {path.split(os.sep)[1] for path in tree.files
             if path.startswith("src/") and path.count(os.sep) > 1}
    for room in sorted(rooms - {"bin"}):
        if not tree.exists(f"src/{room}/README.md"):
            yield f"src/{room}: a room has a README.md"
    yield from check_dead_headers(tree)


def check_dead_headers(tree):
    included = set()
    for path in tree.code("src", "include", "tests") + ["src/api/openapi.cpp.in"]:
        if tree.exists(path):
            included.update(re.findall(r'#include [<"]([^">]+)[">]', tree.text(path)))
    names = {os.path.basename(target) for target in included}
    for path in tree.code("src", "include", "tests"):
        if path.endswith(".h") and os.path.basename(path) not in names:
            yield f"{path}: nobody includes it"
        if path.endswith(".h") and not tree.text(path).startswith("#pragma once"):
            yield f"{path}: a header starts with #pragma once"
