#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vitals::model {

/// Texts one after another: one per row, all different, as ids are.
struct TextColumn {
  std::string bytes;
  std::vector<std::uint32_t> ends;

  std::size_t size() const { return ends.size(); }
  std::string_view at(std::size_t row) const {
    const std::uint32_t begin = row == 0 ? 0 : ends[row - 1];
    return std::string_view(bytes).substr(begin, ends[row] - begin);
  }
  void push_back(std::string_view text) {
    bytes.append(text);
    ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
};

/// Numbers distinct texts from 1 in order of appearance; code 0 is "absent". Not thread-safe while
/// it grows. At most 2^32-2 texts and 4 GiB.
class Dictionary {
 public:
  static constexpr std::uint32_t kAbsentCode = 0;

  Dictionary() = default;
  /// Takes over texts that are not empty and should differ (else several codes mean one text).
  /// They are hashed only when something is interned, which readers do not do.
  explicit Dictionary(TextColumn texts) : texts_(std::move(texts)) {}

  /// The code of `text`, new or known. The empty text is absent.
  std::uint32_t intern(std::string_view text);

  /// The text of a code; "" for 0. Valid until the next intern().
  std::string_view at(std::uint32_t code) const {
    return code == kAbsentCode ? std::string_view{} : texts_.at(code - 1);
  }

  /// Texts interned; their codes are 1…size().
  std::size_t size() const { return texts_.size(); }
  std::size_t memory_bytes() const;
  /// Makes room for so many texts, so that the table does not grow step by step.
  void reserve(std::size_t texts);

 private:
  /// Of the hash table, open addressing. A part of the hash beside the code spares most
  /// comparisons of texts, and all hashing when the table grows.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t code = kAbsentCode;  ///< absent is free
  };
  /// The slot that holds `text`, or the free one where it belongs. Needs a free slot.
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void resize_slots(std::size_t slots);
  void hash_all();

  TextColumn texts_;         // of code 1, 2, …
  std::vector<Slot> slots_;  // of all texts, or empty
};

/// One text per row from few distinct ones. `codes` is empty when no row has a value.
struct SymbolColumn {
  Dictionary dictionary;
  std::vector<std::uint32_t> codes;

  std::string_view at(std::size_t row) const {
    return codes.empty() ? std::string_view{} : dictionary.at(codes[row]);
  }
};

/// Any number of `key = value` pairs per row: tags and call parameters, under the names that
/// queries use (`tags.region`, `parameters.temperature`). A pair is one dictionary entry.
/// `ends` is empty when no row has a pair.
struct AttributeColumn {
  Dictionary pairs;                  ///< key, NUL, value
  std::vector<std::uint32_t> codes;  ///< of pairs, rows one after another
  std::vector<std::uint32_t> ends;   ///< of each row in codes

  std::span<const std::uint32_t> at(std::size_t row) const {
    if (ends.empty()) return {};
    const std::uint32_t begin = row == 0 ? 0 : ends[row - 1];
    return std::span(codes).subspan(begin, ends[row] - begin);
  }
  /// The value of `key` in a row, "" when it has none.
  std::string_view value(std::size_t row, std::string_view key) const;

  static std::string_view key_of(std::string_view pair) { return pair.substr(0, pair.find('\0')); }
  static std::string_view value_of(std::string_view pair) {
    return pair.substr(pair.find('\0') + 1);
  }
};

}  // namespace vitals::model
