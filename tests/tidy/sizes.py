"""Sizes: files, functions, lines."""
import re

FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
COLUMNS_MAX = 100

# In the project's format a function body opens on a line that closes the parameter list.
BODY_START = re.compile(r"^(?!\s*(//|#))(?!.*\b(namespace|class|struct|enum|union)\b).*\)[^;]*\{$")
LITERAL = re.compile(r"'(\\.|[^'\\])'|\"(\\.|[^\"\\])*\"|//.*$")


def check(tree):
    for path in tree.code("src", "include", "tests"):
        lines = tree.lines(path)
        limit = TEST_FILE_LINES_MAX if path.startswith("tests") else FILE_LINES_MAX
        if len(lines) > limit:
            yield f"{path}: {len(lines)} lines, limit {limit}"
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX:
                yield f"{path}:{number}: {len(line)} columns, limit {COLUMNS_MAX}"
        if not path.startswith("tests"):
            yield from check_functions(path, lines)


def check_functions(path, lines):
    for start, line in enumerate(lines):
        if not BODY_START.match(line):
            continue
        depth, end = 0, start
        while end < len(lines):
            code = LITERAL.sub("", lines[end])
            depth += code.count("{") - code.count("}")
            if depth <= 0:
                break
            end += 1
        if end - start - 1 > FUNCTION_LINES_MAX:
            yield f"{path}:{start + 1}: function of {end - start - 1} lines, limit {FUNCTION_LINES_MAX}"
