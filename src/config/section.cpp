#include "section.h"

#include <algorithm>

#include <vitals/base/nearest.h>
#include <vitals/base/time_text.h>

#include "scalar.h"

namespace vitals::config {
namespace {

/// No time at all, in any unit or without one.
bool is_zero(std::string_view duration) {
  if (duration == "0") return true;
  const bool one_digit =
      duration.size() > 1 && duration[0] == '0' && (duration[1] < '0' || duration[1] > '9');
  return one_digit && parse_duration("1" + std::string(duration.substr(1))).ok();
}

}  // namespace

Section::Section(const Node& root, Document& document) : document_(document) { take(&root); }

Section::Section(Section& parent, std::string_view key)
    : document_(parent.document_), path_(parent.path(key)), pattern_(parent.pattern(key)) {
  take(parent.ask(key));
}

Section::Section(Section& parent, std::string_view key, std::string path, const Node& item)
    : document_(parent.document_), path_(std::move(path)), pattern_(parent.pattern(key) + "[]") {
  take(&item);
}

void Section::take(const Node* node) {
  // A key whose every line is commented out has the null value: nothing is set.
  if (node == nullptr || node->kind == Node::Kind::null) return;
  if (node->kind == Node::Kind::mapping) {
    node_ = node;
  } else {
    document_.report->add(document_.file, node->line, path_, "expected keys with values below it");
  }
}

Section::~Section() {
  if (node_ == nullptr) return;
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const Node& child : node_->children) {
    if (std::find(known.begin(), known.end(), child.key) != known.end()) continue;
    const std::string_view near = nearest(child.key, known);
    add(child, child.key,
        near.empty() ? "unknown key" : "unknown key; did you mean '" + std::string(near) + "'?");
  }
}

std::string Section::path(std::string_view key) const {
  if (path_.empty()) return std::string(key);
  return key.empty() ? path_ : path_ + "." + std::string(key);
}

std::string Section::pattern(std::string_view key) const {
  return pattern_.empty() ? std::string(key) : pattern_ + "." + std::string(key);
}

void Section::add(const Node& node, std::string_view key, std::string_view reason) const {
  document_.report->add(document_.file, node.line, path(key), reason);
}

void Section::problem(std::string_view key, std::string_view reason) const {
  const Node* child = node_ == nullptr ? nullptr : node_->find(key);
  document_.report->add(document_.file, child == nullptr ? line() : child->line, path(key), reason);
}

const Node* Section::ask(std::string_view key) {
  asked_.emplace_back(key);
  document_.known.insert(pattern(key));
  return node_ == nullptr ? nullptr : node_->find(key);
}

bool Section::has(std::string_view key) {
  const Node* node = ask(key);
  return node != nullptr && node->kind != Node::Kind::null;
}

bool Section::has_text(std::string_view key) {
  const Node* node = ask(key);
  return node != nullptr && node->kind == Node::Kind::scalar;
}

bool Section::is(std::string_view key, std::string_view text) {
  const Node* node = ask(key);
  return node != nullptr && node->kind == Node::Kind::scalar && node->text == text;
}

const Node* Section::ask_scalar(std::string_view key) {
  const Node* node = ask(key);
  if (node == nullptr) return nullptr;
  if (node->kind == Node::Kind::scalar) return node;
  add(*node, key, node->kind == Node::Kind::null ? "has no value" : "expected a single value");
  return nullptr;
}

const Node* Section::ask_plain(std::string_view key, std::string_view expected) {
  const Node* node = ask_scalar(key);
  if (node == nullptr || !node->quoted) return node;
  add(*node, key, "expected " + std::string(expected) + ", without quotes");
  return nullptr;
}

const Node* Section::ask_list(std::string_view key) {
  const Node* node = ask(key);
  if (node == nullptr || node->kind == Node::Kind::null) return nullptr;
  if (node->kind == Node::Kind::sequence) return node;
  add(*node, key, "expected a list: [a, b], or one '- item' per line");
  return nullptr;
}

void Section::sections(std::string_view key, const std::function<void(Section&)>& visit) {
  sections(
      key, [](const Node& item) { return item; }, visit);
}

void Section::sections(std::string_view key, const std::function<Node(const Node&)>& prepare,
                       const std::function<void(Section&)>& visit) {
  const Node* list = ask_list(key);
  if (list == nullptr) return;
  for (std::size_t i = 0; i < list->children.size(); ++i) {
    const Node item = prepare(list->children[i]);
    Section section(*this, key, path(key) + "[" + std::to_string(i) + "]", item);
    if (section.node_ != nullptr) {
      visit(section);
    } else if (item.kind == Node::Kind::null) {
      add(item, key, "has an empty item");
    }
  }
}

const Node* Section::mapping(std::string_view key) {
  const Node* node = ask(key);
  if (node == nullptr || node->kind == Node::Kind::null) return nullptr;
  if (node->kind == Node::Kind::mapping) return node;
  add(*node, key, "expected keys with values below it");
  return nullptr;
}

void Section::named_sections(std::string_view key,
                             const std::function<void(const std::string& name, Section&)>& visit) {
  Section all = section(key);
  if (all.node_ == nullptr) return;
  for (const Node& child : all.node_->children) {
    Section one = all.section(child.key);
    if (one.node_ != nullptr) visit(child.key, one);
  }
}

void Section::others(const std::function<void(const Node&)>& visit) {
  if (node_ == nullptr) return;
  const std::vector<std::string> before = asked_;
  for (const Node& child : node_->children) {
    if (std::find(before.begin(), before.end(), child.key) != before.end()) continue;
    asked_.push_back(child.key);
    visit(child);
  }
}

void Section::text(std::string_view key, std::string& out) {
  if (const Node* node = ask_scalar(key)) set(key, out, node->text);
}

void Section::texts(std::string_view key, std::vector<std::string>& out) {
  const Node* list = ask_list(key);
  if (list == nullptr) return;
  std::vector<std::string> texts;
  for (const Node& item : list->children) {
    if (item.kind == Node::Kind::scalar) {
      texts.push_back(item.text);
    } else {
      add(item, key, "expected a list of texts");
    }
  }
  set(key, out, std::move(texts));
}

void Section::text_map(std::string_view key, std::map<std::string, std::string>& out) {
  const Node* node = ask(key);
  if (node == nullptr || node->kind == Node::Kind::null) return;
  if (node->kind != Node::Kind::mapping) return add(*node, key, "expected names with texts");
  std::map<std::string, std::string> texts;
  for (const Node& child : node->children) {
    if (child.kind != Node::Kind::scalar) {
      add(child, std::string(key) + "." + child.key, "expected a text");
    }
    texts[child.key] = child.text;
  }
  set(key, out, std::move(texts));
}

void Section::flag(std::string_view key, bool& out) {
  const Node* node = ask_plain(key, "true or false");
  if (node == nullptr) return;
  if (node->text != "true" && node->text != "false") {
    return add(*node, key, "'" + node->text + "': expected true or false");
  }
  set(key, out, node->text == "true");
}

void Section::number(std::string_view key, double& out, double min, double max) {
  const Node* node = ask_plain(key, "a number");
  if (node == nullptr) return;
  const auto value = parse_number(node->text);
  if (!value || *value < min || *value > max) {
    return add(*node, key, "'" + node->text + "': expected a number" + range_text(min, max));
  }
  set(key, out, *value);
}

std::optional<std::uint64_t> Section::read_count(std::string_view key, std::uint64_t min,
                                                 std::uint64_t max) {
  const Node* node = ask_plain(key, "a whole number");
  if (node == nullptr) return std::nullopt;
  const auto value = parse_count(node->text);
  if (value && *value >= min && *value <= max) return value;
  add(*node, key,
      "'" + node->text + "': expected a whole number from " + std::to_string(min) + " to " +
          std::to_string(max));
  return std::nullopt;
}

std::optional<std::uint64_t> Section::read_bytes(std::string_view key, std::uint64_t min,
                                                 std::uint64_t max) {
  const Node* node = ask_plain(key, "a size");
  if (node == nullptr) return std::nullopt;
  const auto value = parse_bytes(node->text);
  if (value && *value >= min && *value <= max) return value;
  add(*node, key,
      "'" + node->text + "': expected a size from " + format_bytes(min) + " to " +
          format_bytes(max) + ", as in 64MiB");
  return std::nullopt;
}

void Section::duration(std::string_view key, DurationMs& out, DurationMs min, DurationMs max) {
  // In JSON, which rules can be sent in, a duration has quotes.
  const Node* node = ask_scalar(key);
  if (node == nullptr) return;
  const bool zero = is_zero(node->text);
  const auto value = zero ? Result<DurationMs>(0) : parse_duration(node->text);
  if (!zero && !value) return add(*node, key, value.error().message);
  if (*value < min) {
    return add(*node, key, "'" + node->text + "': must be at least " + format_duration(min));
  }
  if (*value > max) {
    return add(*node, key, "'" + node->text + "': must be at most " + format_duration(max));
  }
  set(key, out, *value);
}

void Section::retention(std::string_view key, DurationMs& out, DurationMs min,
                        DurationMs forever_ms) {
  if (!is(key, "forever")) return duration(key, out, min);
  set(key, out, forever_ms);
}

std::optional<std::size_t> Section::read_choice(std::string_view key,
                                                const std::vector<std::string_view>& names) {
  const Node* node = ask_scalar(key);
  if (node == nullptr) return std::nullopt;
  const auto found = std::find(names.begin(), names.end(), node->text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  std::string expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    expected += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    expected += names[i];
  }
  add(*node, key, "'" + node->text + "': expected " + expected);
  return std::nullopt;
}

}  // namespace vitals::config
