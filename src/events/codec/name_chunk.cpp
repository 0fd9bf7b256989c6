#include "name_chunk.h"

#include <vitals/store/keys.h>

#include "checksum.h"

namespace vitals::events {
namespace {

constexpr std::uint8_t kChunkVersion = 1;

/// Of the value behind it, under this key and no other.
std::uint32_t checksum_of(std::string_view key, std::string_view content) {
  std::string both(key);
  both += content;
  return checksum(both);
}

bool sound(const NameChunk& chunk) {
  std::uint64_t before = 0;
  for (const std::uint64_t number : chunk.numbers) {
    if (number <= before || number > kNamesMax) return false;
    before = number;
  }
  for (std::size_t i = 0; i < chunk.texts.size(); ++i) {
    if (chunk.texts.at(i).empty()) return false;
  }
  return true;
}

}  // namespace

std::string name_key(std::uint64_t epoch, model::Label field, std::uint64_t first) {
  std::string key;
  store::put_u64(key, epoch);
  put_u8(key, static_cast<std::uint8_t>(index(field)));
  store::put_u64(key, first);
  return key;
}

std::uint64_t epoch_of(std::string_view key) {
  return key.size() == kNameKeyBytes ? store::get_u64(key) : 0;
}

Result<std::string> NameChunkCodec::encode(std::string_view key, const NameChunk& chunk) {
  std::vector<std::string_view> views;
  for (std::size_t i = 0; i < chunk.texts.size(); ++i) views.push_back(chunk.texts.at(i));
  std::string content;
  put_varint(content, chunk.numbers.size());
  integers_.write(chunk.numbers, streams_, content);
  if (!texts_.write(views, integers_, streams_, content)) {
    return Error{Errc::invalid_argument, "events: more names than one value can hold"};
  }
  std::string value;
  put_u8(value, kChunkVersion);
  put_u32(value, checksum_of(key, content));
  return value + content;
}

Result<NameChunk> NameChunkCodec::decode(std::string_view key, std::string_view value) {
  ByteReader in(value);
  const std::uint8_t version = in.u8();
  const std::uint32_t sum = in.u32();
  if (in.ok() && version == kChunkVersion && key.size() == kNameKeyBytes &&
      checksum_of(key, value.substr(5)) == sum) {
    NameChunk chunk;
    const std::uint64_t size = in.varint();
    if (size <= kNamesMax && read_integers(in, size, reader_, chunk.numbers) &&
        read_texts(in, size, reader_, scratch_, chunk.texts) && in.ok() && in.at_end() &&
        sound(chunk)) {
      return chunk;
    }
  }
  if (key.size() != kNameKeyBytes) return Error{Errc::corruption, "event names: a key is damaged"};
  return Error{Errc::corruption, "event names: epoch " + std::to_string(store::get_u64(key)) +
                                     " is damaged at number " +
                                     std::to_string(store::get_u64(key, 9))};
}

}  // namespace vitals::events
