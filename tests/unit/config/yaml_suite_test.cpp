#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "config/yaml_tree.h"

using namespace vitals::config;

namespace {

/// The tree as the JSON it means, with every scalar as text.
nlohmann::json to_json(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "null";
    case Node::Kind::scalar:
      return node.text;
    case Node::Kind::sequence: {
      auto list = nlohmann::json::array();
      for (const Node& child : node.children) list.push_back(to_json(child));
      return list;
    }
    case Node::Kind::mapping: {
      auto object = nlohmann::json::object();
      for (const Node& child : node.children) object[child.key] = to_json(child);
      return object;
    }
  }
  return {};
}

/// The expected JSON with its scalars as texts, too: the configuration gives them types itself.
nlohmann::json as_texts(const nlohmann::json& value) {
  if (value.is_string()) return value;
  if (!value.is_structured()) return value.dump();
  nlohmann::json texts = value;
  for (auto& item : texts) item = as_texts(item);
  return texts;
}

}  // namespace

// Documents of the yaml-test-suite (yaml/yaml-test-suite, branch data), as one JSON file.
TEST_CASE("of the YAML test suite, all broken documents are refused, and the others read right") {
  const char* folder = std::getenv("VITALS_SHARED");
  const std::filesystem::path path =
      std::filesystem::path(folder == nullptr ? "../shared" : folder) /
      "tools/reliability/data/yaml/yaml-test-suite.json";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: set VITALS_SHARED to the folder that has " << path.filename());
    return;
  }
  int broken = 0;
  int read = 0;
  const auto suite = nlohmann::json::parse(std::ifstream(path));
  for (const auto& item : suite["cases"]) {
    CAPTURE(item["id"]);
    Report report;
    Document document{"f", &report, {}, {}};
    const auto tree = parse_yaml(item["in"].get<std::string>(), document);
    if (item["error"].get<bool>()) {
      ++broken;
      CHECK_FALSE(report.empty());
    } else if (report.empty() && item.contains("json") && item["json"].is_string()) {
      ++read;
      const auto expected = nlohmann::json::parse(item["json"].get<std::string>(), nullptr, false);
      if (!expected.is_discarded()) CHECK(to_json(*tree) == as_texts(expected));
    }
  }
  CHECK(broken == 94);
  CHECK(read >= 60);
}
