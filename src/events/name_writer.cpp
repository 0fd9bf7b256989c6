#include "name_writer.h"

#include <algorithm>

namespace vitals::events {
namespace {

/// In the place of a number: one block has the name; two have, but it has no number yet.
constexpr std::uint32_t kOnce = 0;
constexpr std::uint32_t kWaiting = ~0U;

std::size_t slot_of(model::Label field) {
  return static_cast<std::size_t>(std::find(kNameFields.begin(), kNameFields.end(), field) -
                                  kNameFields.begin());
}

}  // namespace

void NameWriter::begin_block(std::size_t rows, TimeMs now) {
  const bool full = std::any_of(fields_.begin(), fields_.end(), [this](const Field& field) {
    return field.texts.size() >= limits_.names || field.texts.memory_bytes() >= limits_.bytes;
  });
  const bool old = now < begin_ms_ || now - begin_ms_ >= limits_.age_ms;
  if (full || (rows_ > 0 && (old || rows_ + rows > limits_.rows))) end_epoch();
  if (rows_ == 0) begin_ms_ = now;
  rows_ += rows;
}

void NameWriter::number(model::Label label, std::span<const std::string_view> texts,
                        std::vector<std::uint64_t>& numbers) {
  Field& field = fields_[slot_of(label)];
  codes_.clear();
  for (const std::string_view text : texts) {
    const std::uint32_t code = field.texts.intern(text);
    codes_.push_back(code);
    if (code > field.numbers.size()) {
      field.numbers.push_back(kOnce);
    } else if (field.numbers[code - 1] == kOnce) {
      field.numbers[code - 1] = kWaiting;
      field.waiting.push_back(code);
    }
  }
  if (field.waiting.size() >= limits_.together) give_waiting(field);
  numbers.resize(codes_.size());
  for (std::size_t i = 0; i < codes_.size(); ++i) {
    const std::uint32_t number = field.numbers[codes_[i] - 1];
    numbers[i] = number == kWaiting ? 0 : number;
  }
}

void NameWriter::give_waiting(Field& field) {
  for (const std::uint32_t code : field.waiting) field.numbers[code - 1] = ++field.last_number;
  field.unwritten.insert(field.unwritten.end(), field.waiting.begin(), field.waiting.end());
  field.waiting.clear();
}

Result<std::uint64_t> NameWriter::write(store::WriteBatch& changes, store::Table table) {
  std::uint64_t bytes = 0;
  for (const model::Label label : kNameFields) {
    Field& field = fields_[slot_of(label)];
    if (field.unwritten.empty()) continue;
    NameChunk chunk;
    for (const std::uint32_t code : field.unwritten) {
      chunk.numbers.push_back(field.numbers[code - 1]);
      chunk.texts.push_back(field.texts.at(code));
    }
    const std::string key = name_key(epoch_, label, chunk.numbers.front());
    const Result<std::string> value = codec_.encode(key, chunk);
    if (!value) return value.error();
    changes.put(table, key, *value);
    bytes += value->size();
    field.unwritten.clear();
  }
  return bytes;
}

void NameWriter::end_epoch() {
  fields_ = {};
  rows_ = 0;
  ++epoch_;
}

}  // namespace vitals::events
