#include "values.h"

#include <array>
#include <charconv>
#include <cmath>

namespace vitals::wire::json {
namespace {

constexpr std::size_t kShownBytesMax = 64;
using Type = simdjson::dom::element_type;

bool refuse(std::string& reason, std::string_view expected, Element value) {
  reason.assign(expected).append(", is ").append(described(value));
  return false;
}

bool refuse_number(std::string& reason, const model::NumberField& field, Element value) {
  const std::string expected = std::string("must be ") +
                               (field.integer ? "an integer from " : "a number from ") +
                               number_text(field.min) + " to " + number_text(field.max);
  return refuse(reason, expected, value);
}

/// 2^53 + 1 would round to 2^53, the last number taken; it becomes the next double instead.
double whole(std::int64_t integer) {
  constexpr auto kMax = static_cast<std::int64_t>(model::kIntegerMax);
  return static_cast<double>(integer == kMax + 1 ? kMax + 2 : integer);
}

}  // namespace

bool read_text(Element value, std::size_t bytes_max, std::string_view& text, std::string& reason) {
  if (value.get_string().get(text) != simdjson::SUCCESS) {
    return refuse(reason, "must be a string", value);
  }
  if (text.size() > bytes_max) {
    reason = "must be at most " + std::to_string(bytes_max) + " bytes, is " +
             std::to_string(text.size());
    return false;
  }
  if (text.find('\0') != std::string_view::npos) {
    reason = "must not contain a NUL character";
    return false;
  }
  return true;
}

std::optional<double> number_of(Element value) {
  switch (value.type()) {
    case Type::DOUBLE:
      return value.get_double().value_unsafe();
    case Type::INT64:
      return whole(value.get_int64().value_unsafe());
    case Type::UINT64:  // simdjson's type of those above 2^63
      return static_cast<double>(value.get_uint64().value_unsafe());
    default:
      return std::nullopt;
  }
}

bool read_number(Element value, const model::NumberField& field, double& number,
                 std::string& reason) {
  const double given = number_of(value).value_or(model::kAbsent);
  const bool good = given >= field.min && given <= field.max &&  // so not NaN
                    (!field.integer || given == std::trunc(given));
  if (!good) return refuse_number(reason, field, value);
  number = given + 0.0;  // no -0.0
  return true;
}

bool read_bool(Element value, bool& flag, std::string& reason) {
  if (value.get_bool().get(flag) == simdjson::SUCCESS) return true;
  return refuse(reason, "must be true or false", value);
}

bool read_time(Element value, const TimeLimits& limits, TimeMs& time_ms, std::string& reason) {
  constexpr std::string_view kExpected =
      "must be an RFC 3339 time, as in 2026-01-31T12:00:00Z, or integer epoch milliseconds";
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) {
    const auto parsed = parse_rfc3339(text);
    if (!parsed) return refuse(reason, kExpected, value);
    time_ms = *parsed;
  } else {
    const std::optional<double> number = number_of(value);
    if (!number || *number != std::trunc(*number) || std::abs(*number) > model::kIntegerMax) {
      return refuse(reason, kExpected, value);
    }
    time_ms = static_cast<TimeMs>(*number);
  }
  if (time_ms > limits.now_ms + limits.future_max_ms) {
    reason = "must not be more than " + format_duration(limits.future_max_ms) +
             " in the future, is " + described(value);
    return false;
  }
  if (time_ms < limits.oldest_ms) {
    reason = "must not be before " + format_rfc3339(limits.oldest_ms) +
             ", which is how far raw events are kept, is " + described(value);
    return false;
  }
  return true;
}

std::string number_text(double number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

std::string described(Element value) {
  switch (value.type()) {
    case Type::ARRAY:
      return "an array";
    case Type::OBJECT:
      return "an object";
    case Type::STRING: {
      const std::string_view text = value.get_string().value_unsafe();
      return text.size() > kShownBytesMax ? "a string of " + std::to_string(text.size()) + " bytes"
                                          : '"' + printable(text) + '"';
    }
    case Type::BOOL:
      return value.get_bool().value_unsafe() ? "true" : "false";
    case Type::NULL_VALUE:
      return "null";
    case Type::INT64:
      return std::to_string(value.get_int64().value_unsafe());
    case Type::UINT64:
      return std::to_string(value.get_uint64().value_unsafe());
    default:
      return number_text(value.get_double().value_unsafe());
  }
}

std::string printable(std::string_view name) {
  const bool cut = name.size() > kShownBytesMax;
  if (cut) {
    std::size_t end = kShownBytesMax;  // not inside a character of several bytes
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) --end;
    name = name.substr(0, end);
  }
  std::string shown(name);
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (cut) shown += "...";
  return shown;
}

}  // namespace vitals::wire::json
