"""The files of a source tree, as git would see them (ignored folders left out)."""
import os

IGNORED = {".git", "build", "node_modules", "vitals-data", "__pycache__"}
CODE = (".h", ".cpp")


class Tree:
    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.files = sorted(self._walk())

    def _walk(self):
        for folder, names, files in os.walk(self.root):
            names[:] = [n for n in names if n not in IGNORED]
            for file in files:
                yield os.path.relpath(os.path.join(folder, file), self.root)

    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as f:
            return f.read()

    def lines(self, path):
        return self.text(path).splitlines()

    def code(self, *prefixes):
        """C++ files below any of the prefixes."""
        return [f for f in self.files if f.endswith(CODE) and f.startswith(prefixes)]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))


def room_of(path):
    """The room a file of src/ or include/vitals/ belongs to; None for src's own files."""
    parts = path.split(os.sep)
    if parts[0] == "src" and len(parts) > 2:
        return parts[1]
    if parts[:2] == ["include", "vitals"] and len(parts) > 3:
        return parts[2]
    return None
