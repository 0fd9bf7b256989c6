#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>

#include "yaml_tree.h"

namespace vitals::config {

/// One mapping of a file while its keys are read. Each reader leaves its argument alone when the
/// key is absent, and reports (file, line, key, reason) what is wrong with it. When a section ends,
/// each key that nobody asked for is reported as unknown, with the nearest known one.
///
///     void read_query(Section section, query::Options& query) {
///       section.duration("deadline", query.deadline_ms);
///     }
class Section {
 public:
  /// The whole file.
  Section(const Node& root, Document& document);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  /// A mapping within this one; without keys when it is absent.
  Section section(std::string_view key) { return Section(*this, key); }
  /// Each mapping of a list.
  void sections(std::string_view key, const std::function<void(Section&)>& visit);

  /// Each item of a list, as `prepare` makes it.
  void sections(std::string_view key, const std::function<Node(const Node&)>& prepare,
                const std::function<void(Section&)>& visit);
  /// A mapping that was made from others, read as an item of the list `key`; messages call it by
  /// its path.
  Section made_item(std::string_view key, std::string path, const Node& item) {
    return Section(*this, key, std::move(path), item);
  }
  /// Each mapping of a mapping from any names.
  void named_sections(std::string_view key,
                      const std::function<void(const std::string& name, Section&)>& visit);
  /// A mapping as it stands, whose keys count as known; null when it is absent.
  const Node* mapping(std::string_view key);

  void text(std::string_view key, std::string& out);
  void texts(std::string_view key, std::vector<std::string>& out);
  /// A mapping from any names to texts.
  void text_map(std::string_view key, std::map<std::string, std::string>& out);
  void flag(std::string_view key, bool& out);
  void number(std::string_view key, double& out, double min, double max);
  template <class Integer>
  void count(std::string_view key, Integer& out, std::uint64_t min,
             std::uint64_t max = std::numeric_limits<Integer>::max()) {
    static_assert(std::is_unsigned_v<Integer>);
    if (const auto value = read_count(key, min, max)) set(key, out, static_cast<Integer>(*value));
  }
  /// `64MiB`, `512KiB`, or a number of bytes.
  template <class Integer>
  void bytes(std::string_view key, Integer& out, std::uint64_t min,
             std::uint64_t max = std::numeric_limits<Integer>::max()) {
    static_assert(std::is_unsigned_v<Integer>);
    if (const auto value = read_bytes(key, min, max)) set(key, out, static_cast<Integer>(*value));
  }
  /// `250ms`, `30s`, `5m`, `1h`, `7d`; `0`, in any unit, where min is 0.
  void duration(std::string_view key, DurationMs& out, DurationMs min = 1,
                DurationMs max = std::numeric_limits<DurationMs>::max());
  /// A duration of at least `min`, or the word `forever`, which stands for `forever_ms`.
  void retention(std::string_view key, DurationMs& out, DurationMs min, DurationMs forever_ms);
  template <class Value>
  void choice(std::string_view key, Value& out,
              std::initializer_list<std::pair<std::string_view, Value>> values) {
    std::vector<std::string_view> names;
    for (const auto& value : values) names.push_back(value.first);
    if (const auto found = read_choice(key, names)) {
      set(key, out, (values.begin() + static_cast<std::ptrdiff_t>(*found))->second);
    }
  }

  /// The values of all keys that nobody has asked for so far; they count as known from now on.
  void others(const std::function<void(const Node&)>& visit);

  /// Whether the file gives the key.
  bool has(std::string_view key);
  /// Whether the value is a single one.
  bool has_text(std::string_view key);
  /// Whether the file gives the key this value.
  bool is(std::string_view key, std::string_view text);
  /// Reports a problem that only the caller can see; with the whole section if it lacks the key.
  void problem(std::string_view key, std::string_view reason) const;
  /// The same, of a node that belongs elsewhere.
  void problem_at(const Node& node, std::string_view key, std::string_view reason) const {
    add(node, key, reason);
  }
  const Document& document() const { return document_; }
  /// From 1; 0 when the section is absent.
  std::size_t line() const { return node_ == nullptr ? 0 : node_->line; }

 private:
  Section(Section& parent, std::string_view key);
  Section(Section& parent, std::string_view key, std::string path, const Node& item);

  template <class Value>
  void set(std::string_view key, Value& out, Value value) {
    if (!(out == value)) document_.changed.insert(pattern(key));
    out = std::move(value);
  }
  void add(const Node& node, std::string_view key, std::string_view reason) const;
  void take(const Node* node);
  std::string path(std::string_view key) const;
  std::string pattern(std::string_view key) const;
  /// The value of a key, which counts as known from now on; null when absent.
  const Node* ask(std::string_view key);
  /// The same, but null also when it is no scalar, which is reported.
  const Node* ask_scalar(std::string_view key);
  /// The same for what is not a text: a quoted scalar is reported.
  const Node* ask_plain(std::string_view key, std::string_view expected);
  const Node* ask_list(std::string_view key);
  std::optional<std::uint64_t> read_count(std::string_view key, std::uint64_t min,
                                          std::uint64_t max);
  std::optional<std::uint64_t> read_bytes(std::string_view key, std::uint64_t min,
                                          std::uint64_t max);
  std::optional<std::size_t> read_choice(std::string_view key,
                                         const std::vector<std::string_view>& names);

  Document& document_;
  const Node* node_ = nullptr;
  std::string path_;     ///< `receivers[2].webhook`, for messages
  std::string pattern_;  ///< `receivers[].webhook`, for Document::known
  std::vector<std::string> asked_;
};

}  // namespace vitals::config
