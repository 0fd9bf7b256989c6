#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vitals::events {

/// Little-endian numbers and LEB128 varints at the end of a string.
inline void put_u8(std::string& out, std::uint8_t number) { out += static_cast<char>(number); }
inline void put_u32(std::string& out, std::uint32_t number) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(number >> shift & 0xffU);
}
inline void put_varint(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7U) out += static_cast<char>(0x80U | (number & 0x7fU));
  out += static_cast<char>(number);
}
inline void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}
/// Small magnitudes of either sign become small numbers: 0, -1, 1, -2, …
inline void put_zigzag(std::string& out, std::int64_t number) {
  put_varint(out,
             static_cast<std::uint64_t>(number) << 1U ^ static_cast<std::uint64_t>(number >> 63));
}

/// Reads what the functions above wrote and never past the end: then it gives zeros, and ok() is
/// false from there on.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  bool next_is(std::uint8_t byte) const {
    return !bytes_.empty() && static_cast<std::uint8_t>(bytes_.front()) == byte;
  }

  std::string_view take(std::uint64_t n) {
    if (n > bytes_.size()) {
      ok_ = false;
      bytes_ = {};
      return {};
    }
    const std::string_view taken = bytes_.substr(0, static_cast<std::size_t>(n));
    bytes_.remove_prefix(taken.size());
    return taken;
  }
  std::uint8_t u8() {
    const std::string_view byte = take(1);
    return byte.empty() ? 0 : static_cast<std::uint8_t>(byte.front());
  }
  std::uint32_t u32() {
    std::uint32_t number = 0;
    unsigned shift = 0;
    for (const char byte : take(4)) {
      number |= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << shift;
      shift += 8;
    }
    return number;
  }
  std::uint64_t varint() {
    std::uint64_t number = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint8_t byte = u8();
      number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return number;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t zigzag() {
    const std::uint64_t number = varint();
    return static_cast<std::int64_t>(number >> 1U ^ (~(number & 1U) + 1U));
  }
  std::string_view text() { return take(varint()); }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace vitals::events
