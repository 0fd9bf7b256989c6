#include "event_reader.h"

#include <algorithm>

#include "attributes.h"

namespace vitals::wire::json {
namespace {

std::string path_of(Group group, std::string_view key) {
  const std::string_view object = kGroupNames[static_cast<std::size_t>(group)];
  return object.empty() ? printable(key) : std::string(object) + '.' + printable(key);
}

}  // namespace

bool EventReader::fail(std::string field, std::string reason) {
  problem_.field = std::move(field);
  problem_.reason = std::move(reason);
  return false;
}

bool EventReader::read(Element event, Row& row) {
  simdjson::dom::object members;
  if (event.get_object().get(members) != simdjson::SUCCESS) {
    return fail({}, "must be a JSON object, is " + described(event));
  }
  row.clear(limits_.now_ms);
  if (!read_group(Group::event, members, row)) return false;
  if (row.labels[model::index(model::Label::prompt)].empty()) return fail("prompt", "is required");
  return true;
}

bool EventReader::read_group(Group group, simdjson::dom::object members, Row& row) {
  for (const auto member : members) {
    const std::size_t number = kFieldTable.find(group, member.key);
    if (number == FieldTable::kUnknown) {
      count_unknown(group, member.key);
      continue;
    }
    const std::uint64_t bit = std::uint64_t{1} << number;
    if ((row.seen & bit) != 0) return fail(path_of(group, member.key), "must not appear twice");
    row.seen |= bit;
    if (!member.value.is_null() && !read_field(kFields[number], member.value, row)) {
      if (problem_.field.empty()) problem_.field = path_of(group, member.key);
      return false;
    }
  }
  return true;
}

bool EventReader::read_field(const Field& field, Element value, Row& row) {
  std::string& reason = problem_.reason;
  problem_.field.clear();
  switch (field.kind) {
    case Kind::label:
      return read_label(static_cast<model::Label>(field.target), value, row);
    case Kind::number:
      row.numbers_given |= 1U << field.target;
      return read_number(value, model::kNumberFields[field.target], row.numbers[field.target],
                         reason);
    case Kind::id:
      return read_id(value, row);
    case Kind::time:
      return read_time(value, limits_, row.time_ms, reason);
    case Kind::status:
      return read_status(value, row);
    case Kind::flag:
      return read_flag(static_cast<Flag>(field.target), value, row);
    case Kind::message:
      return read_free_text(value, row.error_message);
    case Kind::comment:
      return read_free_text(value, row.comment);
    case Kind::group: {
      simdjson::dom::object members;
      if (value.get_object().get(members) == simdjson::SUCCESS) {
        return read_group(static_cast<Group>(field.target), members, row);
      }
      reason = "must be an object, is " + described(value);
      return false;
    }
    case Kind::tags:
      return read_tags(value, row, problem_);
    case Kind::parameters:
      return read_parameters(value, row, problem_);
  }
  return false;
}

bool EventReader::read_label(model::Label label, Element value, Row& row) {
  std::string_view& text = row.labels[model::index(label)];
  if (!read_text(value, model::kLabelBytesMax, text, problem_.reason)) return false;
  return !text.empty() || label != model::Label::prompt || fail({}, "must not be empty");
}

/// As long as it likes.
bool EventReader::read_free_text(Element value, std::string_view& text) {
  if (value.get_string().get(text) == simdjson::SUCCESS) return true;
  problem_.reason = "must be a string, is " + described(value);
  return false;
}

bool EventReader::read_id(Element value, Row& row) {
  if (!read_text(value, model::kIdBytesMax, row.id, problem_.reason)) return false;
  return !row.id.empty() || fail({}, "must not be empty");
}

bool EventReader::read_status(Element value, Row& row) {
  std::string_view text;
  const bool is_text = value.get_string().get(text) == simdjson::SUCCESS;
  if (!is_text || (text != "success" && text != "error")) {
    return fail({}, "must be \"success\" or \"error\", is " + described(value));
  }
  row.outcome.success = text == "success" ? model::Tri::yes : model::Tri::no;
  return true;
}

bool EventReader::read_flag(Flag flag, Element value, Row& row) {
  bool set = false;
  if (!read_bool(value, set, problem_.reason)) return false;
  set_flag(flag, set, row.outcome);
  return true;
}

void EventReader::count_unknown(Group group, std::string_view key) {
  ++decoded_.unknown_fields;
  std::vector<std::string>& names = decoded_.unknown_names;
  if (names.size() >= kUnknownNamesMax) return;
  std::string name = path_of(group, key);
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

}  // namespace vitals::wire::json
