"""Relative links in Markdown files lead somewhere, headings of #anchors included; every document
below docs/ can be reached from docs/index.md or README.md."""
import os
import re

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^\s*```.*?^\s*```", re.S | re.M)


def slug(heading):
    """The anchor of a heading, as code hosts make it."""
    text = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip().lower())
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(text):
    return {slug(h) for h in re.findall(r"^#+\s+(.*)$", FENCE.sub("", text), re.M)}


def targets(tree, path):
    for first, second in LINK.findall(FENCE.sub("", tree.text(path))):
        target = first or second
        if not re.match(r"[a-z]+:", target):
            yield target


def check(tree):
    documents = [f for f in tree.files if f.endswith(".md")]
    reached = set()
    for path in documents:
        for target in targets(tree, path):
            file, _, anchor = target.partition("#")
            where = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            if not tree.exists(where):
                yield f"{path}: the link {target} leads nowhere"
                continue
            reached.add(where)
            if anchor and where.endswith(".md") and anchor not in anchors(tree.text(where)):
                yield f"{path}: {where} has no heading for #{anchor}"
    for path in documents:
        if path.startswith("docs/") and path != "docs/index.md" and path not in reached:
            yield f"{path}: no document links to it"
