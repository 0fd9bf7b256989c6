#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include <vitals/config/config.h>

#include "config/sections.h"

using namespace vitals;
using namespace vitals::config;

namespace {

const std::filesystem::path kConfigFolder = VITALS_ROOT "/config";

/// Empty defaults that have an example below them.
const std::set<std::string> kReplaced = {"receivers: []", "routes: {}",     "schedules: {}",
                                         "actions: []",   "heartbeats: []", "evaluators: []",
                                         "benchmarks: []"};

std::string shipped_file() {
  std::ifstream stream(kConfigFolder / "vitals.yaml");
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), {}};
}

struct Loaded {
  std::string problems;
  std::set<std::string> known;
  std::set<std::string> changed;
  std::set<std::string> used;  ///< every key in the text
};

void collect(const Node& node, const std::string& path, std::set<std::string>& keys) {
  for (const Node& child : node.children) {
    std::string below = path + "[]";
    if (node.kind == Node::Kind::mapping) {
      below = path.empty() ? child.key : path + "." + child.key;
      keys.insert(below);
    }
    collect(child, below, keys);
  }
}

Loaded load_text(const std::string& text) {
  Loaded loaded;
  Report report;
  Document document{"vitals.yaml", &report, {}, {}};
  if (const auto root = parse_yaml(text, document)) {
    collect(*root, "", loaded.used);
    Config config;
    Section section(*root, document);
    read_config(section, kConfigFolder.string(), config);
  }
  loaded.problems = report.text();
  loaded.known = document.known;
  loaded.changed = document.changed;
  return loaded;
}

/// Puts the examples (`#key:` and the `#  …` lines below it) in the place of their empty defaults.
std::string with_examples(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  bool example = false;
  for (std::string line; std::getline(lines, line);) {
    if (kReplaced.count(line) != 0) continue;
    const std::string start = line.substr(0, 3);
    example =
        start[0] == '#' && ((line.size() > 1 && line[1] != ' ') || (example && start == "#  "));
    result += (example ? line.substr(1) : line) + "\n";
  }
  return result;
}

}  // namespace

TEST_CASE(
    "the annotated file is what the daemon does without a file, but for its rules and what they "
    "inhibit") {
  const Loaded loaded = load_text(shipped_file());
  CHECK(loaded.problems == "");
  CHECK(loaded.changed ==
        std::set<std::string>{"inhibit[].equal", "inhibit[].source", "inhibit[].target", "rules"});
}

TEST_CASE("the annotated file has every key there is") {
  const Loaded loaded = load_text(with_examples(shipped_file()));
  CHECK(loaded.problems == "");
  CHECK(loaded.known.count("receivers[].webhook.secret_file") == 1);
  for (const std::string& key : loaded.known) {
    CAPTURE(key);
    CHECK(loaded.used.count(key) == 1);
  }
}
