#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <simdjson.h>

#include <vitals/wire/decoded.h>
#include <vitals/wire/json.h>

#include "values.h"

namespace vitals::wire::json {

/// Parses items of a body one by one. Not thread-safe.
class ItemParser {
 public:
  ItemParser(std::string_view body, simdjson::dom::parser& parser)
      : end_(body.data() + body.size()), parser_(parser) {}

  /// `text` is a part of the body. The element is good until the next call.
  simdjson::error_code parse(std::string_view text, Element& item) const;

 private:
  const char* end_;
  simdjson::dom::parser& parser_;
};

/// Takes the items of a body as they come.
class ItemTaker {
 public:
  virtual ~ItemTaker() = default;
  /// Takes or refuses one item. The error is not SUCCESS when it is not JSON; nothing is done then.
  virtual simdjson::error_code take(std::string_view text, std::uint64_t item) = 0;
  /// A line that is not JSON.
  virtual void refuse(Refusal refusal) = 0;
};

/// Cuts a body into its items: lines of NDJSON, elements of an array, or one object. Returns why
/// the whole body is to be refused, whatever was taken of it; nothing when it is not.
std::optional<Refusal> take_items(std::string_view body, Framing framing, ItemTaker& taker);

/// Parsers that had to grow beyond what most items need go back to it after the request.
void shrink(simdjson::dom::parser& parser);

}  // namespace vitals::wire::json
