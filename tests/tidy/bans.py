"""What may not be written, and where the outside libraries may be used."""
import re

# Outside headers → folders that own the library. Tests and benchmarks may use them too.
OWNERS = {
    r"<rocksdb/": ("src/store/rocks/",),
    r"<simdjson": ("src/wire/",),
    r"<yaml-cpp/": ("src/config/",),
    r"<cctz/": ("src/base/",),
    r"<boost/math/": ("src/metrics/", "src/analytics/"),
    r"<boost/(?!math/)": ("src/net/",),
    r"<kainjow/": ("src/notify/template/",),
    r"<curl/": ("src/net/",),
    r"<CLI/": ("src/cli/", "src/app/"),
    r"<openssl/": ("src/net/", "src/registry/", "src/notify/", "src/api/", "src/config/"),
    r"<nlohmann/": ("src/api/", "src/cli/", "src/notify/", "src/registry/"),
    r"<thread>": ("src/app/", "src/cli/"),  # the two programs
}
# Pattern → reason; in code of src/ and include/.
CODE_BANS = {
    r"\bstd::expected\b|#include <expected>": "g++ 12 has no std::expected",
    r"#include <ranges>|\bstd::ranges::|\bstd::views::": "clang 14 cannot compile <ranges>",
    r"\bstd::(this_thread::sleep|async|jthread)\b": "threads and waiting belong to app",
    r"\busing namespace std\b": "names are written out",
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or say it in an issue",
    r"\bthread_local\b": "state is owned by somebody and passed",
}
# In the daemon's rooms only: vitalsctl talks to a terminal.
DAEMON_BANS = {
    r"\bstd::(cout|cerr)\b": "the log is a Logger, answers are returned",
}
TEST_BANS = {
    r"\bsleep_for\b|\bsleep_until\b|\busleep\(|[^_]\bsleep\(": "inject the clock instead of sleeping",
    r"\b(TODO|FIXME|XXX|HACK)\b": "finish it, or say it in an issue",
}
NAMES = re.compile(r"(^|[_/])(utils?|common|manager|helpers?|misc)(\.|_|/|$)")
NAMES_ALLOWED = {"src/app/service_manager.h", "src/app/service_manager.cpp"}  # systemd's own word
# Paths of one machine and hosts of registries have no place in the project, nor in this file: no
# pattern may match itself.
PLACES = re.compile(r"/wor[k]/|registry\.npm[j]s|deb\.debia[n]\.org|/roo[t]/|/hom[e]/[a-z]")


def check(tree):
    for path in tree.files:
        if NAMES.search(path) and path not in NAMES_ALLOWED:
            yield f"{path}: a name that says nothing (utils, common, manager, helper)"
        yield from check_places(tree, path)
    for path in tree.code("src", "include"):
        yield from check_owners(tree, path)
        yield from check_patterns(tree, path, CODE_BANS)
        if not path.startswith("src/cli/"):
            yield from check_patterns(tree, path, DAEMON_BANS)
    for path in tree.code("tests"):
        yield from check_patterns(tree, path, TEST_BANS)


def check_owners(tree, path):
    for number, line in enumerate(tree.lines(path), 1):
        if not line.lstrip().startswith("#include"):
            continue
        for header, owners in OWNERS.items():
            if re.search(header, line) and not path.startswith(owners):
                yield f"{path}:{number}: {header.strip('<')} belongs to {', '.join(owners)}"


def check_patterns(tree, path, patterns):
    for number, line in enumerate(tree.lines(path), 1):
        for pattern, reason in patterns.items():
            if re.search(pattern, line) and "tidy: allowed" not in line:
                yield f"{path}:{number}: {reason}"


def check_places(tree, path):
    if path.endswith((".png", ".gz", ".zst", ".bin")):
        return
    for number, line in enumerate(tree.lines(path), 1):
        if PLACES.search(line):
            yield f"{path}:{number}: names a path of one machine or a registry's host"
