#include "chunked.h"

#include <algorithm>

#include "characters.h"
#include "framing.h"

namespace vitals::net {
namespace {

constexpr std::size_t size_line_bytes_max = 512;
constexpr std::size_t size_digits_max = 15;  // what surely fits 63 bits
// All extensions of one body: nobody reads them, so they may not outweigh it (CVE-2023-39326).
constexpr std::size_t extension_bytes_max = 16 << 10;
constexpr std::size_t trailer_bytes_max = 8 << 10;

/// The length of the quoted string at the start of `text`, 0 when there is none.
std::size_t quoted_string(std::string_view text) {
  if (text.empty() || text.front() != '"') return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return i + 1;
    if (text[i] == '\\') ++i;
    if (i >= text.size() || !value_characters[static_cast<unsigned char>(text[i])]) return 0;
  }
  return 0;
}

std::size_t token(std::string_view text) {
  const auto* const end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return token_characters[static_cast<unsigned char>(c)];
  });
  return static_cast<std::size_t>(end - text.begin());
}

/// *( ";" token [ "=" ( token / quoted-string ) ] )
bool are_extensions(std::string_view text) {
  while (!text.empty()) {
    if (text.front() != ';') return false;
    text.remove_prefix(1);
    const std::size_t name = token(text);
    if (name == 0) return false;
    text.remove_prefix(name);
    if (text.empty() || text.front() != '=') continue;
    text.remove_prefix(1);
    const std::size_t value = std::max(token(text), quoted_string(text));
    if (value == 0) return false;
    text.remove_prefix(value);
  }
  return true;
}

}  // namespace

ChunkedDecoder::Step ChunkedDecoder::refuse(int status, std::string_view reason) {
  refusal_ = Refusal{status, reason};
  return {};
}

std::optional<std::string_view> ChunkedDecoder::line(std::string_view input,
                                                     std::size_t bytes_max) {
  const std::size_t end = input.find_first_of("\r\n");
  if (std::min(end, input.size()) > bytes_max) {
    refuse(400, "A line of the chunked body is too long.");
    return std::nullopt;
  }
  if (end == std::string_view::npos || (input[end] == '\r' && end + 1 == input.size())) {
    return std::nullopt;
  }
  if (input[end] != '\r' || input[end + 1] != '\n') {
    refuse(400, "A line of the chunked body does not end with CR LF.");
    return std::nullopt;
  }
  return input.substr(0, end);
}

ChunkedDecoder::Step ChunkedDecoder::take_size(std::string_view input) {
  const auto text = line(input, size_line_bytes_max);
  if (!text) return {};
  std::uint64_t size = 0;
  std::size_t digits = 0;
  for (; digits < text->size() && hex_value((*text)[digits]) >= 0; ++digits) {
    if (digits == size_digits_max) return refuse(400, "A chunk size has too many digits.");
    size = size * 16 + static_cast<std::uint64_t>(hex_value((*text)[digits]));
  }
  if (digits == 0) return refuse(400, "A chunk size is not a hexadecimal number.");
  const std::string_view extensions = text->substr(digits);
  if (!are_extensions(extensions)) return refuse(400, "A chunk extension is malformed.");
  extension_bytes_ += extensions.size();
  if (extension_bytes_ > extension_bytes_max) {
    return refuse(400, "The chunk extensions are too large.");
  }
  remaining_ = size;
  state_ = size == 0 ? State::trailer : State::payload;
  return {text->size() + 2, {}};
}

ChunkedDecoder::Step ChunkedDecoder::take_payload(std::string_view input) {
  const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
  remaining_ -= taken;
  if (remaining_ == 0) state_ = State::payload_end;
  return {taken, input.substr(0, taken)};
}

ChunkedDecoder::Step ChunkedDecoder::take_payload_end(std::string_view input) {
  if (input.substr(0, 2) == "\r\n") {
    state_ = State::size;
    return {2, {}};
  }
  if (input.empty() || input == "\r") return {};
  return refuse(400, "A chunk is longer than its size.");
}

ChunkedDecoder::Step ChunkedDecoder::take_trailer(std::string_view input) {
  const auto text = line(input, trailer_bytes_max);
  if (!text) return {};
  trailer_bytes_ += text->size() + 2;
  if (trailer_bytes_ > trailer_bytes_max) return refuse(431, "The trailer is too large.");
  if (text->empty()) {
    state_ = State::finished;
    return {2, {}};
  }
  std::string_view name;
  std::string_view value;
  refusal_ = check_field_line(*text, name, value);
  return refusal_ ? Step{} : Step{text->size() + 2, {}};
}

ChunkedDecoder::Step ChunkedDecoder::take(std::string_view input) {
  if (refusal_) return {};
  switch (state_) {
    case State::size:
      return take_size(input);
    case State::payload:
      return take_payload(input);
    case State::payload_end:
      return take_payload_end(input);
    case State::trailer:
      return take_trailer(input);
    case State::finished:
      break;
  }
  return {};
}

}  // namespace vitals::net
