#include "texts.h"

#include <algorithm>

#include "shape.h"

namespace vitals::events {
namespace {

constexpr std::uint8_t kPlain = 0;
constexpr std::uint8_t kShaped = 1;

std::string_view common_prefix(std::span<const std::string_view> texts) {
  if (texts.empty()) return {};
  std::string_view prefix = texts.front();
  for (const std::string_view text : texts) {
    const auto ends = std::mismatch(prefix.begin(), prefix.end(), text.begin(), text.end());
    prefix = prefix.substr(0, static_cast<std::size_t>(ends.first - prefix.begin()));
  }
  return prefix;
}

bool read_plain(ByteReader& in, std::size_t n, StreamReader& streams,
                std::vector<std::uint64_t>& lengths, model::TextColumn& texts) {
  const std::string_view prefix = in.text();
  if (!read_integers(in, n, streams, lengths)) return false;
  std::uint64_t total = 0;
  for (const std::uint64_t length : lengths) {
    if (length > kTextBytesMax || total > kTextBytesMax) return false;
    total += length;
  }
  if (total + n * prefix.size() > kTextBytesMax) return false;
  const std::uint8_t* bytes = streams.read(in, static_cast<std::size_t>(total));
  if (bytes == nullptr) return false;
  texts.bytes.reserve(static_cast<std::size_t>(total) + n * prefix.size());
  texts.ends.reserve(n);
  const char* at = reinterpret_cast<const char*>(bytes);
  for (const std::uint64_t length : lengths) {
    texts.bytes.append(prefix);
    texts.bytes.append(at, static_cast<std::size_t>(length));
    texts.ends.push_back(static_cast<std::uint32_t>(texts.bytes.size()));
    at += length;
  }
  return true;
}

bool read_shaped(ByteReader& in, std::size_t n, StreamReader& streams,
                 std::vector<std::uint64_t>& numbers, model::TextColumn& texts) {
  Shape shape;
  if (!shape.read(in) || n * shape.bytes() > kTextBytesMax) return false;
  texts.bytes.resize(n * shape.bytes());
  texts.ends.resize(n);
  for (std::size_t row = 0; row < n; ++row) {
    texts.ends[row] = static_cast<std::uint32_t>((row + 1) * shape.bytes());
  }
  shape.write_literals(texts.bytes);
  for (const Shape::Field& field : shape.fields()) {
    if (!read_integers(in, n, streams, numbers)) return false;
    if (!shape.write_field(field, numbers, texts.bytes)) return false;
  }
  return true;
}

}  // namespace

bool TextWriter::write(std::span<const std::string_view> texts, IntegerWriter& integers,
                       StreamWriter& streams, std::string& out) {
  std::uint64_t total = 0;
  for (const std::string_view text : texts) total += text.size();
  if (total > kTextBytesMax) return false;
  Shape shape;
  if (shape.fit(texts)) {
    put_u8(out, kShaped);
    shape.write(out);
    numbers_.resize(texts.size());
    for (const Shape::Field& field : shape.fields()) {
      for (std::size_t i = 0; i < texts.size(); ++i) {
        numbers_[i] = Shape::number(texts[i], field);
      }
      integers.write(numbers_, streams, out);
    }
    return true;
  }
  put_u8(out, kPlain);
  const std::string_view prefix = common_prefix(texts);
  put_text(out, prefix);
  numbers_.clear();
  bytes_.clear();
  for (const std::string_view text : texts) {
    numbers_.push_back(text.size() - prefix.size());
    bytes_.append(text.substr(prefix.size()));
  }
  integers.write(numbers_, streams, out);
  streams.write(bytes_, out);
  return true;
}

bool read_texts(ByteReader& in, std::size_t n, StreamReader& streams,
                std::vector<std::uint64_t>& scratch, model::TextColumn& texts) {
  texts.bytes.clear();
  texts.ends.clear();
  switch (in.u8()) {
    case kPlain:
      return read_plain(in, n, streams, scratch, texts);
    case kShaped:
      return read_shaped(in, n, streams, scratch, texts);
    default:
      return false;
  }
}

}  // namespace vitals::events
