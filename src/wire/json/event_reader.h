#pragma once

#include <string>

#include <vitals/wire/decoded.h>

#include "fields.h"
#include "row.h"
#include "values.h"

namespace vitals::wire::json {

/// Reads one parsed event into a Row by the rules of 03-api.md. A field given as null is absent, a
/// field given twice is refused (which of the two is meant?), an unknown field is counted.
class EventReader {
 public:
  /// Unknown fields are counted in `decoded`.
  EventReader(const TimeLimits& limits, Decoded& decoded) : limits_(limits), decoded_(decoded) {}

  /// Whether the event is good. If not, problem() says why.
  bool read(Element event, Row& row);

  /// Field and reason of the last event that was not good; the item is the caller's to set.
  Refusal& problem() { return problem_; }

 private:
  bool read_group(Group group, simdjson::dom::object members, Row& row);
  bool read_field(const Field& field, Element value, Row& row);
  bool read_label(model::Label label, Element value, Row& row);
  bool read_free_text(Element value, std::string_view& text);
  bool read_id(Element value, Row& row);
  bool read_status(Element value, Row& row);
  bool read_flag(Flag flag, Element value, Row& row);
  bool fail(std::string field, std::string reason);
  void count_unknown(Group group, std::string_view key);

  const TimeLimits& limits_;
  Decoded& decoded_;
  Refusal problem_;
};

}  // namespace vitals::wire::json
