#include "plain_reader.h"

#include <cmath>

#include <vitals/base/time_text.h>

#include "attributes.h"
#include "values.h"

namespace vitals::wire::json {

bool PlainReader::read(std::string_view text, const TimeLimits& limits, Row& row) {
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return false;
  limits_ = &limits;
  const auto begin = [&] {
    cursor_ = Cursor(text);
    row.clear(limits.now_ms);
  };
  const auto is_whole = [&] {
    return cursor_.at_end() && !row.labels[model::index(model::Label::prompt)].empty();
  };
  begin();
  if (follow_known_form(row) && is_whole()) return true;
  begin();
  values_.clear();
  if (!read_members(Group::event, row) || !is_whole()) return false;
  forms_.learn(text, values_);
  return true;
}

bool PlainReader::follow_known_form(Row& row) {
  for (FormTree::Node at = FormTree::kRoot;;) {
    at = forms_.take(at, cursor_);
    if (at == FormTree::kRoot) return false;
    const std::size_t field = forms_.field(at);
    if (field == FormTree::kNoField) return true;
    if (!read_value(kFields[field], row)) return false;
  }
}

bool PlainReader::read_members(Group group, Row& row) {
  if (!cursor_.take('{')) return false;
  if (cursor_.take('}')) return true;
  do {
    std::string_view key;
    if (!cursor_.take_text(key)) return false;
    const std::size_t number = kFieldTable.find(group, key);
    if (number == FieldTable::kUnknown) return false;
    const std::uint64_t bit = std::uint64_t{1} << number;
    if ((row.seen & bit) != 0 || !cursor_.take(':')) return false;
    row.seen |= bit;
    if (cursor_.peek() == 'n') {
      if (!cursor_.take("null")) return false;
      continue;
    }
    const char* begin = cursor_.at();
    if (!read_value(kFields[number], row)) return false;
    if (kFields[number].kind == Kind::group) continue;
    values_.push_back({number, begin, cursor_.at()});
  } while (cursor_.take(','));
  return cursor_.take('}');
}

bool PlainReader::read_value(const Field& field, Row& row) {
  switch (field.kind) {
    case Kind::label:
      return read_label(field, row);
    case Kind::number:
      return read_number(field, row);
    case Kind::id:
      return cursor_.take_text(row.id) && !row.id.empty() && row.id.size() <= model::kIdBytesMax;
    case Kind::time:
      return read_time(row);
    case Kind::status:
      return read_status(row);
    case Kind::flag:
      return read_flag(static_cast<Flag>(field.target), row);
    case Kind::message:
      return cursor_.take_text(row.error_message);
    case Kind::comment:
      return cursor_.take_text(row.comment);
    case Kind::group:
      return read_members(static_cast<Group>(field.target), row);
    case Kind::tags:
      return read_pairs("tags.", false, row);
    case Kind::parameters:
      return read_pairs("parameters.", true, row);
  }
  return false;
}

bool PlainReader::read_label(const Field& field, Row& row) {
  std::string_view& text = row.labels[field.target];
  return cursor_.take_text(text) && text.size() <= model::kLabelBytesMax;
}

bool PlainReader::read_number(const Field& field, Row& row) {
  const model::NumberField& allowed = model::kNumberFields[field.target];
  Cursor::Number number;
  if (!cursor_.take_number(number)) return false;
  row.numbers_given |= 1U << field.target;
  row.numbers[field.target] = number.value + 0.0;  // no -0.0
  return number.value >= allowed.min && number.value <= allowed.max &&
         (!allowed.integer || !number.fraction || number.value == std::trunc(number.value));
}

bool PlainReader::read_time(Row& row) {
  if (cursor_.peek() == '"') {
    std::string_view text;
    if (!cursor_.take_text(text)) return false;
    const auto parsed = parse_rfc3339(text);
    if (!parsed) return false;
    row.time_ms = *parsed;
  } else {
    Cursor::Number number;
    if (!cursor_.take_number(number) || number.fraction) return false;
    row.time_ms = static_cast<TimeMs>(number.value);
  }
  return row.time_ms <= limits_->now_ms + limits_->future_max_ms &&
         row.time_ms >= limits_->oldest_ms;
}

bool PlainReader::read_status(Row& row) {
  std::string_view text;
  if (!cursor_.take_text(text)) return false;
  row.outcome.success = text == "success" ? model::Tri::yes : model::Tri::no;
  return text == "success" || text == "error";
}

bool PlainReader::read_flag(Flag flag, Row& row) {
  const bool set = cursor_.peek() == 't';
  if (!cursor_.take(set ? "true" : "false")) return false;
  set_flag(flag, set, row.outcome);
  return true;
}

bool PlainReader::read_pairs(std::string_view prefix, bool scalars, Row& row) {
  if (!cursor_.take('{')) return false;
  if (cursor_.take('}')) return true;
  const std::size_t first = row.pair_ends.size();
  std::size_t pairs = 0;
  do {
    std::string_view key;
    std::string_view text;
    if (++pairs > model::kTagsMax || !cursor_.take_text(key) || !is_attribute_key(key) ||
        !cursor_.take(':')) {
      return false;
    }
    const char begin = cursor_.peek();
    const bool good = begin == '"'   ? cursor_.take_text(text)
                      : begin == 'n' ? cursor_.take("null")
                                     : scalars && read_scalar(text);
    if (!good || text.size() > kAttributeBytesMax) return false;
    if (!text.empty() && !add_pair(prefix, key, text, first, row)) return false;
  } while (cursor_.take(','));
  return cursor_.take('}');
}

bool PlainReader::read_scalar(std::string_view& text) {
  const char begin = cursor_.peek();
  if (begin == 't' || begin == 'f') {
    text = begin == 't' ? "true" : "false";
    return cursor_.take(text);
  }
  const char* from = cursor_.at();
  Cursor::Number number;
  if (!cursor_.take_number(number)) return false;
  const std::string_view written(from, static_cast<std::size_t>(cursor_.at() - from));
  text = number.value == 0 ? std::string_view("0") : written;  // no -0
  if (number.fraction) text = scalar_ = number_text(number.value + 0.0);
  return true;
}

}  // namespace vitals::wire::json
