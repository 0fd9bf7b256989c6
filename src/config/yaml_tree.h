#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report.h"

namespace vitals::config {

/// A value of a YAML file, and where it stands.
struct Node {
  enum class Kind { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  std::string key;             ///< in the mapping that holds it
  std::string text;            ///< of a scalar
  bool quoted = false;         ///< `"5"` is a text, 5 a number
  std::size_t line = 0;        ///< from 1
  std::vector<Node> children;  ///< of a sequence or mapping, in order

  /// Null when the mapping has no such key.
  const Node* find(std::string_view name) const;
};

/// The one document of a file, held against the profile (yaml_profile.h) first. Nothing when it
/// cannot be read; the report says why. Duplicate keys are reported too, but the tree is made, so
/// that all other problems come to light at once.
std::optional<Node> parse_yaml(std::string_view text, Document& document);

}  // namespace vitals::config
