#include "attributes.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitals::wire::json {
namespace {

using Type = simdjson::dom::element_type;

/// big_numbers.h reads numbers beyond the doubles as the largest one; storing that would be a lie.
constexpr std::string_view kLargestDouble = "1.7976931348623157e+308";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool check_key(std::string_view key, std::string& reason) {
  if (is_attribute_key(key)) return true;
  if (key.empty()) {
    reason = "must not have an empty key";
  } else if (key.size() > model::kLabelBytesMax) {
    reason = "must have a key of at most " + std::to_string(model::kLabelBytesMax) +
             " bytes, has " + std::to_string(key.size());
  } else {
    reason = "must not have a control character in its key";
  }
  return false;
}

bool read_tag(Element value, std::string&, std::string_view& text, std::string& reason) {
  return read_text(value, kAttributeBytesMax, text, reason);
}

/// `buffer` holds the text where it is not in the document itself.
bool read_parameter(Element value, std::string& buffer, std::string_view& text,
                    std::string& reason) {
  if (value.is_string()) return read_text(value, kAttributeBytesMax, text, reason);
  const Type type = value.type();
  buffer = type == Type::DOUBLE ? number_text(*number_of(value) + 0.0) : simdjson::minify(value);
  if (buffer.size() > kAttributeBytesMax) {
    reason = "must be at most " + std::to_string(kAttributeBytesMax) + " bytes of JSON, is " +
             std::to_string(buffer.size());
    return false;
  }
  if (buffer.find(kLargestDouble) != std::string::npos) {
    reason = "must not hold a number beyond the range of a double";
    return false;
  }
  text = buffer;
  return true;
}

template <class ReadValue>
bool read_pairs(std::string_view prefix, Element value, Row& row, Refusal& problem,
                ReadValue&& read_value) {
  simdjson::dom::object members;
  if (value.get_object().get(members) != simdjson::SUCCESS) {
    problem.reason = "must be an object, is " + described(value);
    return false;
  }
  if (members.size() > model::kTagsMax) {
    problem.reason = "must have at most " + std::to_string(model::kTagsMax) + " entries, has " +
                     std::to_string(members.size());
    return false;
  }
  const std::size_t first = row.pair_ends.size();
  std::string buffer;
  for (const auto member : members) {
    std::string_view text;
    const bool good =
        check_key(member.key, problem.reason) &&
        (member.value.is_null() || read_value(member.value, buffer, text, problem.reason));
    bool once = true;
    if (good && !text.empty()) once = add_pair(prefix, member.key, text, first, row);
    if (!once) problem.reason = "must not appear twice";
    if (!good || !once) {
      problem.field = std::string(prefix) + printable(member.key);
      return false;
    }
  }
  return true;
}

}  // namespace

bool is_attribute_key(std::string_view key) {
  return !key.empty() && key.size() <= model::kLabelBytesMax &&
         std::none_of(key.begin(), key.end(), is_control);
}

bool add_pair(std::string_view prefix, std::string_view key, std::string_view text,
              std::size_t first, Row& row) {
  const std::size_t begin = row.pairs.size();
  row.pairs.append(prefix).append(key).push_back('\0');
  const std::string_view whole_key = std::string_view(row.pairs).substr(begin);
  for (std::size_t i = first; i < row.pair_ends.size(); ++i) {
    if (row.pair(i).substr(0, whole_key.size()) == whole_key) return false;
  }
  row.pairs.append(text);
  row.pair_ends.push_back(row.pairs.size());
  return true;
}

bool read_tags(Element value, Row& row, Refusal& problem) {
  return read_pairs("tags.", value, row, problem, read_tag);
}

bool read_parameters(Element value, Row& row, Refusal& problem) {
  return read_pairs("parameters.", value, row, problem, read_parameter);
}

}  // namespace vitals::wire::json
