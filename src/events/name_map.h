#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitals::events {

/// Many distinct names, numbered from 1 in order of appearance (their codes), with one number to
/// remember for each. Looks up a block's names together, so that waits for memory overlap: with
/// tens of thousands of names that is most of the time. Not thread-safe.
class NameMap {
 public:
  /// Sets codes[i] to the code of texts[i], new or known. Texts are not empty.
  void intern(std::span<const std::string_view> texts, std::vector<std::uint32_t>& codes);

  std::string_view text(std::uint32_t code) const;
  /// 0 until it is set. Valid until the next intern().
  std::uint32_t& number(std::uint32_t code) { return names_[code - 1].number; }

  std::size_t size() const { return names_.size(); }
  std::size_t memory_bytes() const;

 private:
  struct Name {
    std::uint32_t begin;
    std::uint32_t bytes;
    std::uint32_t number;
  };
  /// Of the hash table, open addressing; code 0 is free.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t code = 0;
  };

  void make_room(std::size_t names);
  const Slot& first_slot(std::uint32_t hash) const { return slots_[hash & (slots_.size() - 1)]; }
  std::uint32_t find_or_add(std::string_view text, std::uint32_t hash);

  std::string bytes_;
  std::vector<Name> names_;
  std::vector<Slot> slots_;  // a power of two
  std::vector<std::uint32_t> hashes_;
};

}  // namespace vitals::events
