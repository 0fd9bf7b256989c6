#include "framed_body.h"

#include "big_numbers.h"
#include "items.h"

namespace vitals::wire::json {
namespace {

constexpr std::size_t kParserBytes = 64U << 10U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view explain(simdjson::error_code error) {
  switch (error) {
    case simdjson::UTF8_ERROR:
      return "is not JSON: invalid UTF-8";
    case simdjson::UNCLOSED_STRING:
      return "is not JSON: a string is not closed";
    case simdjson::UNESCAPED_CHARS:
      return "is not JSON: a control character in a string";
    case simdjson::STRING_ERROR:
      return "is not JSON: a malformed escape in a string";
    case simdjson::NUMBER_ERROR:
      return "is not JSON: a malformed number";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
      return "is not JSON: a malformed true, false or null";
    case simdjson::DEPTH_ERROR:
      return "is nested too deeply";
    case simdjson::CAPACITY:
      return "is longer than 1 MiB";
    case simdjson::MEMALLOC:
      return "does not fit into memory";
    default:
      return "is not JSON: brackets, commas, colons or values are out of place";
  }
}
static_assert(kEventBytesMax == 1U << 20U, "explain() says so");

constexpr std::string_view kObjectsInBody =
    "is not JSON: several objects; for NDJSON send Content-Type: application/x-ndjson";
constexpr std::string_view kObjectsInLine =
    "is not JSON: several objects in one line (curl keeps line ends with --data-binary, not -d)";

void take_lines(std::string_view body, ItemTaker& taker) {
  Lines lines(body);
  while (const auto line = lines.next()) {
    const simdjson::error_code error = taker.take(line->text, line->number);
    if (error == simdjson::SUCCESS) continue;
    const bool several = several_objects(line->text);
    taker.refuse({line->number, {}, std::string(several ? kObjectsInLine : explain(error))});
  }
}

std::optional<Refusal> take_array(std::string_view text, ItemTaker& taker) {
  Elements elements(text);
  std::uint64_t index = 0;
  for (; const auto element = elements.next(); ++index) {
    const simdjson::error_code error = taker.take(*element, index);
    if (error != simdjson::SUCCESS) return Refusal{index, {}, std::string(explain(error))};
  }
  if (!elements.problem().empty()) return Refusal{index, {}, std::string(elements.problem())};
  return std::nullopt;
}

}  // namespace

simdjson::error_code ItemParser::parse(std::string_view text, Element& item) const {
  if (text.size() > kEventBytesMax) return simdjson::CAPACITY;
  // The parser reads a little beyond the text: harmless inside the body, a copy at its end.
  const auto after = static_cast<std::size_t>(end_ - (text.data() + text.size()));
  const bool copy = after < simdjson::SIMDJSON_PADDING;
  const simdjson::error_code error = parser_.parse(text.data(), text.size(), copy).get(item);
  if (error != simdjson::NUMBER_ERROR) return error;
  const auto rewritten = rewrite_big_numbers(text);
  return rewritten ? parser_.parse(*rewritten).get(item) : error;
}

std::optional<Refusal> take_items(std::string_view body, Framing framing, ItemTaker& taker) {
  if (body.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    body.remove_prefix(kByteOrderMark.size());
  }
  if (framing == Framing::ndjson) {
    take_lines(body, taker);
    return std::nullopt;
  }
  const std::string_view text = trim(body);
  if (text.empty()) return Refusal{0, {}, "the body is empty"};
  if (text.front() == '[') return take_array(text, taker);
  const simdjson::error_code error = taker.take(text, 0);
  if (error == simdjson::SUCCESS) return std::nullopt;
  return Refusal{0, {}, std::string(several_objects(text) ? kObjectsInBody : explain(error))};
}

void shrink(simdjson::dom::parser& parser) {
  if (parser.capacity() > kParserBytes) parser = simdjson::dom::parser();
}

}  // namespace vitals::wire::json
