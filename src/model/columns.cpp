#include <vitals/base/hash.h>
#include <vitals/model/columns.h>

namespace vitals::model {
namespace {
constexpr std::size_t kSlotsMin = 16;  // a power of two, as all sizes of the table are
}

std::uint32_t Dictionary::find(std::string_view text) const {
  if (slots_.empty() || text.empty()) return kAbsentCode;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash64(text) & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t code = slots_[slot];
    if (code == kAbsentCode || at(code) == text) return code;
  }
}

std::uint32_t Dictionary::intern(std::string_view text) {
  if (text.empty()) return kAbsentCode;
  if ((ends_.size() + 1) * 2 > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t slot = hash64(text) & mask;; slot = (slot + 1) & mask) {
    const std::uint32_t code = slots_[slot];
    if (code == kAbsentCode) {
      bytes_.append(text);
      ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
      return slots_[slot] = static_cast<std::uint32_t>(ends_.size());
    }
    if (at(code) == text) return code;
  }
}

void Dictionary::grow() {
  slots_.assign(slots_.empty() ? kSlotsMin : slots_.size() * 2, kAbsentCode);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t code = 1; code <= ends_.size(); ++code) {
    std::size_t slot = hash64(at(code)) & mask;
    while (slots_[slot] != kAbsentCode) slot = (slot + 1) & mask;
    slots_[slot] = code;
  }
}

std::size_t Dictionary::memory_bytes() const {
  return bytes_.capacity() + (ends_.capacity() + slots_.capacity()) * sizeof(std::uint32_t);
}

void Dictionary::clear() {
  bytes_.clear();
  ends_.clear();
  slots_.clear();
}

std::string_view AttributeColumn::value(std::size_t row, std::string_view key) const {
  for (const std::uint32_t code : at(row)) {
    const std::string_view pair = pairs.at(code);
    if (key_of(pair) == key) return value_of(pair);
  }
  return {};
}

}  // namespace vitals::model
