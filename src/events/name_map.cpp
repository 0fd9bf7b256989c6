#include "name_map.h"

#include <algorithm>
#include <bit>

#include <vitals/base/hash.h>

namespace vitals::events {
namespace {

/// How far ahead slots, then names, then their texts are asked for.
constexpr std::size_t kSlotsAhead = 24;
constexpr std::size_t kNamesAhead = 16;
constexpr std::size_t kTextsAhead = 8;

}  // namespace

void NameMap::intern(std::span<const std::string_view> texts, std::vector<std::uint32_t>& codes) {
  make_room(texts.size());
  hashes_.clear();
  for (const std::string_view text : texts) {
    hashes_.push_back(static_cast<std::uint32_t>(hash64(text, table_seed())));
  }
  codes.resize(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i + kSlotsAhead < texts.size()) {
      __builtin_prefetch(&first_slot(hashes_[i + kSlotsAhead]));
    }
    if (i + kNamesAhead < texts.size()) {
      const Slot& slot = first_slot(hashes_[i + kNamesAhead]);
      if (slot.code != 0) __builtin_prefetch(&names_[slot.code - 1]);
    }
    if (i + kTextsAhead < texts.size()) {
      const Slot& slot = first_slot(hashes_[i + kTextsAhead]);
      if (slot.code != 0) __builtin_prefetch(bytes_.data() + names_[slot.code - 1].begin);
    }
    codes[i] = find_or_add(texts[i], hashes_[i]);
  }
}

std::string_view NameMap::text(std::uint32_t code) const {
  const Name& name = names_[code - 1];
  return std::string_view(bytes_).substr(name.begin, name.bytes);
}

std::size_t NameMap::memory_bytes() const {
  return bytes_.capacity() + names_.capacity() * sizeof(Name) + slots_.capacity() * sizeof(Slot);
}

void NameMap::make_room(std::size_t names) {
  const std::size_t needed = std::bit_ceil(2 * (size() + names) + 1);
  if (needed <= slots_.size()) return;
  const std::vector<Slot> before = std::move(slots_);
  slots_.assign(needed, Slot{});
  for (const Slot& known : before) {
    if (known.code == 0) continue;
    std::size_t at = known.hash & (needed - 1);
    while (slots_[at].code != 0) at = (at + 1) & (needed - 1);
    slots_[at] = known;
  }
}

std::uint32_t NameMap::find_or_add(std::string_view name, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].code != 0) {
    if (slots_[at].hash == hash && text(slots_[at].code) == name) return slots_[at].code;
    at = (at + 1) & mask;
  }
  names_.push_back(
      {static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(name.size()), 0});
  bytes_ += name;
  slots_[at] = {hash, static_cast<std::uint32_t>(names_.size())};
  return slots_[at].code;
}

}  // namespace vitals::events
