#!/usr/bin/env python3
"""Tidy itself is tested: a small tree that breaks each rule once must be told so, and the same tree
without the breach must pass."""
import os
import sys
import tempfile

from tidy import violations

PLAN = """# Architecture

| floor | room | what lives here | never |
| --- | --- | --- | --- |
| 0 | `base` | clock | any room |
| 1 | `model` | values | I/O |
| 1 | `net` | HTTP | product nouns |
| 3 | `series` | cells | window, net |
"""
GOOD = {
    "README.md": "# Title\n\n[docs](docs/index.md)\n",
    "docs/index.md": "# Index\n\n[page](page.md#a-heading), [plan](architecture.md)\n",
    "docs/architecture.md": PLAN,
    "docs/page.md": "# Page\n\n## A heading\n",
    "src/CMakeLists.txt": "add_room(NAME base)\nadd_room(NAME model DEPS base)\nadd_room(NAME net DEPS base)\n",
    "src/base/README.md": "# base\n",
    "src/base/clock.cpp": "#include <vitals/base/clock.h>\n",
    "src/model/README.md": "# model\n",
    "src/model/batch.cpp": "#include <vitals/base/clock.h>\n",
    "src/net/README.md": "# net\n",
    "include/vitals/base/clock.h": "#pragma once\n",
}
LONG_FUNCTION = "int f(int x) {\n" + "  ++x;\n" * 71 + "}\n"
# name → (file, content, what the violation must say)
BREACHES = {
    "floor": ("src/base/up.cpp", "#include <vitals/model/batch.h>\n", "'base' includes 'model'"),
    "undeclared": ("src/net/x.cpp", "#include <vitals/model/batch.h>\n", "'net' includes 'model'"),
    "plan": ("src/CMakeLists.txt", "add_room(NAME base DEPS model)\nadd_room(NAME model)\nadd_room(NAME net)\n", "no lower floor"),
    "never": ("src/CMakeLists.txt", "add_room(NAME base)\nadd_room(NAME model)\nadd_room(NAME net)\n"
              "add_room(NAME series DEPS net)\n", "'series' must never use 'net'"),
    "no floor": ("src/CMakeLists.txt", "add_room(NAME base)\nadd_room(NAME model)\nadd_room(NAME net)\n"
                 "add_room(NAME attic)\n", "'attic' has no floor"),
    "foreign private header": ("src/model/y.cpp", '#include "../net/z.h"\n', "no private header"),
    "owner": ("src/model/db.cpp", "#include <rocksdb/db.h>\n", "belongs to src/store/rocks/"),
    "thread": ("src/model/t.cpp", "#include <thread>\n", "belongs to src/app/, src/cli/"),
    "ban": ("src/model/b.cpp", "// TODO later\n", "finish it"),
    "daemon ban": ("src/model/c.cpp", "void f() { std::cout << 1; }\n", "the log is a Logger"),
    "sleep": ("tests/unit/model/s.cpp", "void f() { std::this_thread::sleep_for(x); }\n", "instead of sleeping"),
    "name": ("src/model/string_utils.cpp", "\n", "says nothing"),
    "long file": ("src/model/long.cpp", "//\n" * 401, "401 lines"),
    "long line": ("src/model/wide.cpp", "// " + "x" * 100 + "\n", "103 columns"),
    "long function": ("src/model/f.cpp", LONG_FUNCTION, "function of 71 lines"),
    "top level": ("stray.txt", "\n", "not part of the top level"),
    "furniture": ("src/sketch/a.cpp", "\n", "has a README.md"),
    "dead header": ("src/model/dead.h", "#pragma once\n", "nobody includes it"),
    "link": ("docs/page.md", "# Page\n\n## A heading\n\n[x](gone.md)\n", "leads nowhere"),
    "anchor": ("docs/page.md", "# Page\n", "no heading for #a-heading"),
    "orphan": ("docs/alone.md", "# Alone\n", "no document links to it"),
    "place": ("docs/page.md", "# Page\n\n## A heading\n\nsee /ho" + "me/someone\n", "path of one machine"),
}


def build(root, files):
    for path, content in files.items():
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as f:
            f.write(content)


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as root:
        build(root, GOOD)
        for line in violations(root):
            print(f"a good tree was refused: {line}")
            failed += 1
    for name, (path, content, expected) in BREACHES.items():
        with tempfile.TemporaryDirectory() as root:
            build(root, {**GOOD, path: content})
            found = violations(root)
            if not any(expected in line for line in found):
                print(f"'{name}' was not noticed; found {found}")
                failed += 1
    print(f"canary: {len(BREACHES) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
