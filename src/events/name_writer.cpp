#include "name_writer.h"

#include <algorithm>

namespace vitals::events {
namespace {

/// In the place of a number: the name is new; one block has it; two have, but it must wait.
constexpr std::uint32_t kNew = 0;
constexpr std::uint32_t kOnce = ~0U;
constexpr std::uint32_t kWaiting = kOnce - 1;

std::size_t slot_of(model::Label field) {
  return static_cast<std::size_t>(std::find(kNameFields.begin(), kNameFields.end(), field) -
                                  kNameFields.begin());
}

}  // namespace

void NameWriter::begin_block(std::size_t rows, TimeMs now) {
  const bool full = std::any_of(fields_.begin(), fields_.end(), [this](const Field& field) {
    return field.names.size() >= limits_.names || field.names.memory_bytes() >= limits_.bytes;
  });
  const bool old = now < begin_ms_ || now - begin_ms_ >= limits_.age_ms;
  if (full || (rows_ > 0 && (old || rows_ + rows > limits_.rows))) end_epoch();
  if (rows_ == 0) begin_ms_ = now;
  rows_ += rows;
}

void NameWriter::number(model::Label label, std::span<const std::string_view> texts,
                        std::vector<std::uint64_t>& numbers) {
  Field& field = fields_[slot_of(label)];
  field.names.intern(texts, codes_);
  for (const std::uint32_t code : codes_) {
    std::uint32_t& number = field.names.number(code);
    if (number == kNew) {
      number = kOnce;
    } else if (number == kOnce) {
      number = kWaiting;
      field.waiting.push_back(code);
    }
  }
  if (field.waiting.size() >= limits_.together) give_waiting(field);
  numbers.clear();
  for (const std::uint32_t code : codes_) {
    const std::uint32_t number = field.names.number(code);
    numbers.push_back(number >= kWaiting ? 0 : number);
  }
}

void NameWriter::give_waiting(Field& field) {
  for (const std::uint32_t code : field.waiting) {
    field.names.number(code) = ++field.last_number;
  }
  field.unwritten.insert(field.unwritten.end(), field.waiting.begin(), field.waiting.end());
  field.waiting.clear();
}

Status NameWriter::write(store::WriteBatch& changes, store::Table table) {
  for (const model::Label label : kNameFields) {
    Field& field = fields_[slot_of(label)];
    if (field.unwritten.empty()) continue;
    NameChunk chunk;
    for (const std::uint32_t code : field.unwritten) {
      chunk.numbers.push_back(field.names.number(code));
      chunk.texts.push_back(field.names.text(code));
    }
    const std::string key = name_key(epoch_, label, chunk.numbers.front());
    const Result<std::string> value = codec_.encode(key, chunk);
    if (!value) return value.error();
    changes.put(table, key, *value);
    field.unwritten.clear();
  }
  return {};
}

void NameWriter::end_epoch() {
  fields_ = {};
  rows_ = 0;
  ++epoch_;
}

}  // namespace vitals::events
