#pragma once

#include <set>
#include <string>
#include <vector>

#include "section.h"

namespace vitals::config {

/// What rules of a file build on: its `defaults`, which are keys of every rule, and its
/// `templates`, which a rule takes by name. The rule itself wins over its templates (the later one
/// over the earlier), and they over the defaults; labels and annotations are merged name by name.
class Inheritance {
 public:
  explicit Inheritance(Section& root);

  /// The rule with all that it inherits, without its key `template`.
  Node complete(const Node& rule, const Section& root);
  /// The templates that no rule has taken; what is empty is none.
  std::vector<const Node*> unused() const;

 private:
  const Node* defaults_;
  const Node* templates_;
  std::set<std::string> used_;
};

}  // namespace vitals::config
