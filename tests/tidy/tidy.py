#!/usr/bin/env python3
"""Checks the house rules of docs/architecture.md over a source tree. Prints one line per violation;
the exit status says whether there was any.

usage: tidy.py ROOT
"""
import sys

import bans
import floors
import layout
import links
import sizes
from tree import Tree

CHECKS = [layout.check, floors.check, bans.check, sizes.check, links.check]


def violations(root):
    tree = Tree(root)
    return [line for check in CHECKS for line in check(tree)]


def main():
    found = violations(sys.argv[1])
    for line in found:
        print(line)
    print(f"tidy: {len(found)} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
