#include <algorithm>
#include <bit>

#include <vitals/base/hash.h>
#include <vitals/base/short_text.h>
#include <vitals/model/columns.h>

namespace vitals::model {
namespace {
constexpr std::size_t kSlotsMin = 16;  // a power of two, as all sizes of the table are

std::uint32_t hash_of(std::string_view text) {
  return static_cast<std::uint32_t>(hash64(text, table_seed()));
}

}  // namespace

std::size_t Dictionary::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash & mask;
  while (slots_[slot].code != kAbsentCode &&
         (slots_[slot].hash != hash || !equal_texts(at(slots_[slot].code), text))) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t Dictionary::intern(std::string_view text) {
  if (text.empty()) return kAbsentCode;
  if (slots_.empty() && size() > 0) hash_all();
  if ((size() + 1) * 2 > slots_.size()) {
    resize_slots(slots_.empty() ? kSlotsMin : slots_.size() * 2);
  }
  const std::uint32_t hash = hash_of(text);
  Slot& slot = slots_[slot_of(text, hash)];
  if (slot.code == kAbsentCode) {
    texts_.push_back(text);
    slot = {hash, static_cast<std::uint32_t>(size())};
  }
  return slot.code;
}

void Dictionary::reserve(std::size_t texts) {
  texts_.ends.reserve(texts);
  if (slots_.empty() && size() > 0) return;
  const std::size_t slots = std::bit_ceil(std::max(2 * texts, kSlotsMin));
  if (slots > slots_.size()) resize_slots(slots);
}

void Dictionary::hash_all() {
  resize_slots(std::bit_ceil(std::max(2 * (size() + 1), kSlotsMin)));
  for (std::uint32_t code = 1; code <= size(); ++code) {
    const std::uint32_t hash = hash_of(at(code));
    Slot& slot = slots_[slot_of(at(code), hash)];
    if (slot.code == kAbsentCode) slot = {hash, code};
  }
}

void Dictionary::resize_slots(std::size_t slots) {
  const std::vector<Slot> before = std::move(slots_);
  slots_.assign(slots, Slot{});
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& known : before) {
    if (known.code == kAbsentCode) continue;
    std::size_t slot = known.hash & mask;
    while (slots_[slot].code != kAbsentCode) slot = (slot + 1) & mask;
    slots_[slot] = known;
  }
}

std::size_t Dictionary::memory_bytes() const {
  return texts_.bytes.capacity() + texts_.ends.capacity() * sizeof(std::uint32_t) +
         slots_.capacity() * sizeof(Slot);
}

std::string_view AttributeColumn::value(std::size_t row, std::string_view key) const {
  for (const std::uint32_t code : at(row)) {
    const std::string_view pair = pairs.at(code);
    if (key_of(pair) == key) return value_of(pair);
  }
  return {};
}

}  // namespace vitals::model
