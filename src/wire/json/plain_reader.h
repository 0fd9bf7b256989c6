#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <vitals/wire/json.h>

#include "cursor.h"
#include "fields.h"
#include "row.h"

namespace vitals::wire::json {

/// Reads events that are written as most are: known fields, each once, texts without escapes, short
/// numbers, every value good. It takes them in one pass, expecting the fields in the order of the
/// events before. Whatever else an event may be, and above all what is wrong with it, is left to
/// simdjson and EventReader; both give the same row wherever this one gives any.
class PlainReader {
 public:
  PlainReader() { after_.fill(0); }

  /// False: read the event the other way; `row` is in no defined state. `text` is valid UTF-8.
  /// Texts of the row point into it.
  bool read(std::string_view text, const TimeLimits& limits, Row& row);

 private:
  bool read_members(Group group, Row& row);
  /// The number of the next key's field in kFields, or kUnknown.
  std::size_t take_field(Group group);
  bool read_value(const Field& field, Row& row);
  bool read_label(const Field& field, Row& row);
  bool read_number(const Field& field, Row& row);
  bool read_time(Row& row);
  bool read_status(Row& row);
  bool read_flag(Flag flag, Row& row);
  bool read_pairs(std::string_view prefix, bool scalars, Row& row);
  bool read_scalar(std::string_view& text);

  Cursor cursor_{{}};
  const TimeLimits* limits_ = nullptr;
  std::string scalar_;  ///< a parameter's text that is not in the event
  std::size_t last_ = 0;
  std::array<std::uint8_t, kFields.size() + 1> after_;  ///< field that came last after each field
};

}  // namespace vitals::wire::json
