#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/wire/json.h>

#include "cursor.h"
#include "fields.h"
#include "form_tree.h"
#include "row.h"

namespace vitals::wire::json {

/// Reads events that are written as most are: known fields, each once, texts without escapes, short
/// numbers, every value good. Whatever else an event may be, and above all what is wrong with it,
/// is left to simdjson and EventReader; both give the same row wherever this one gives any.
///
/// Events that have the form of an earlier one are read along that form (FormTree).
class PlainReader {
 public:
  /// False: read the event the other way; `row` is in no defined state. `text` is valid UTF-8.
  /// Texts of the row point into it.
  bool read(std::string_view text, const TimeLimits& limits, Row& row);

 private:
  bool follow_known_form(Row& row);
  /// Reads an object member by member, and notes its values.
  bool read_members(Group group, Row& row);
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
  FormTree forms_;
  std::vector<ValueRead> values_;  ///< of the event being read
};

}  // namespace vitals::wire::json
