#include "inherit.h"

#include <algorithm>

#include <vitals/base/nearest.h>

namespace vitals::config {
namespace {

constexpr std::string_view kTemplate = "template";

bool is_mapping(const Node* node) { return node != nullptr && node->kind == Node::Kind::mapping; }

Node* find(Node& mapping, std::string_view key) {
  const auto found = std::find_if(mapping.children.begin(), mapping.children.end(),
                                  [key](const Node& child) { return child.key == key; });
  return found == mapping.children.end() ? nullptr : &*found;
}

/// Puts the keys of one mapping over those of another.
void lay_over(Node& base, const Node& over) {
  for (const Node& child : over.children) {
    Node* below = find(base, child.key);
    const bool by_name = child.key == "labels" || child.key == "annotations";
    if (below == nullptr) {
      base.children.push_back(child);
    } else if (by_name && is_mapping(below) && is_mapping(&child)) {
      lay_over(*below, child);
    } else {
      *below = child;
    }
  }
}

}  // namespace

Inheritance::Inheritance(Section& root)
    : defaults_(root.mapping("defaults")), templates_(root.mapping("templates")) {}

Node Inheritance::complete(const Node& rule, const Section& root) {
  Node whole = rule;
  whole.children.clear();
  if (is_mapping(defaults_)) lay_over(whole, *defaults_);

  std::vector<const Node*> names;
  if (const Node* given = rule.find(kTemplate)) {
    if (given->kind == Node::Kind::scalar) names.push_back(given);
    for (const Node& name : given->children) names.push_back(&name);
  }
  for (const Node* name : names) {
    used_.insert(name->text);
    const Node* found = is_mapping(templates_) ? templates_->find(name->text) : nullptr;
    if (is_mapping(found)) {
      lay_over(whole, *found);
      continue;
    }
    std::vector<std::string_view> known;
    if (is_mapping(templates_)) {
      for (const Node& one : templates_->children) known.push_back(one.key);
    }
    const std::string_view near = nearest(name->text, known);
    root.problem_at(
        *name, kTemplate,
        "there is no template '" + name->text + "'" +
            (near.empty() ? std::string() : "; did you mean '" + std::string(near) + "'?"));
  }
  Node own = rule;
  std::erase_if(own.children, [](const Node& child) { return child.key == kTemplate; });
  lay_over(whole, own);
  return whole;
}

std::vector<const Node*> Inheritance::unused() const {
  std::vector<const Node*> unused;
  if (!is_mapping(templates_)) return unused;
  for (const Node& one : templates_->children) {
    const bool empty = one.kind == Node::Kind::null;
    if (!empty && used_.count(one.key) == 0) unused.push_back(&one);
  }
  return unused;
}

}  // namespace vitals::config
