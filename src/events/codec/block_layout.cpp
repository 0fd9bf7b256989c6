#include "block_layout.h"

#include "block_codec.h"
#include "bytes.h"
#include "checksum.h"

namespace vitals::events {
namespace {

constexpr std::size_t kSectionsMax = 256;

std::int64_t wrapped_sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

}  // namespace

bool BlockLayout::Section::intact() const { return events::checksum(bytes) == checksum; }

std::string BlockLayout::write() const {
  std::string head;
  put_varint(head, first);
  put_varint(head, rows);
  put_zigzag(head, min_ms);
  put_zigzag(head, wrapped_difference(max_ms, min_ms));
  put_zigzag(head, wrapped_difference(arrival_ms, min_ms));
  put_varint(head, sections.size());
  std::size_t payload_bytes = 0;
  for (const Section& section : sections) {
    put_u8(head, section.tag);
    put_varint(head, section.bytes.size());
    put_u32(head, events::checksum(section.bytes));
    payload_bytes += section.bytes.size();
  }
  std::string block;
  block.reserve(16 + head.size() + payload_bytes);
  put_u8(block, version);
  put_u32(block, events::checksum(head));
  put_text(block, head);
  for (const Section& section : sections) block.append(section.bytes);
  return block;
}

const char* BlockLayout::read(std::string_view block) {
  ByteReader in(block);
  version = in.u8();
  if (version != kVersionWithoutNames && version != kVersionWithNames && version != kVersion &&
      version != kVersionWithKinds) {
    return "unknown version";
  }
  const std::uint32_t head_checksum = in.u32();
  const std::string_view head_bytes = in.text();
  if (!in.ok() || events::checksum(head_bytes) != head_checksum) return "header checksum mismatch";

  ByteReader head(head_bytes);
  first = head.varint();
  rows = head.varint();
  min_ms = head.zigzag();
  max_ms = wrapped_sum(min_ms, head.zigzag());
  arrival_ms = wrapped_sum(min_ms, head.zigzag());
  const std::uint64_t count = head.varint();
  if (!head.ok() || rows == 0 || rows > kBlockRowsMax || count > kSectionsMax) return "bad header";
  sections.clear();
  bool has_kinds = false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint8_t tag = head.u8();
    const std::string_view bytes = in.take(head.varint());
    const std::uint32_t sum = head.u32();
    if (!head.ok() || !in.ok()) return "sections end too early";
    if (!sections.empty() && tag <= sections.back().tag) return "sections out of order";
    has_kinds = has_kinds || tag == kKindsTag;
    sections.push_back({tag, bytes, sum});
  }
  if (!head.at_end() || !in.at_end()) return "bytes after the last section";
  if (has_kinds != (version == kVersionWithKinds)) return "kinds of rows in a wrong version";
  return nullptr;
}

}  // namespace vitals::events
