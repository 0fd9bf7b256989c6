#include "command_body.h"

#include <cstdint>
#include <limits>

#include <vitals/base/time_text.h>

namespace vitals::api {
namespace {

/// Beyond all times when it is none.
TimeMs epoch_ms(const Json& value) {
  constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();
  const bool wraps = value.is_number_unsigned() && value.get<std::uint64_t>() > kNever;
  return value.is_number_integer() && !wraps ? value.get<TimeMs>() : kNever;
}

}  // namespace

Error wrong_member(std::string_view member, std::string_view reason) {
  return {Errc::invalid_argument, std::string(member) + ": " + std::string(reason)};
}

Result<CommandBody> CommandBody::parse(const net::Request& request) {
  if (request.body.empty()) return CommandBody(Json::object());
  Json object = Json::parse(request.body, nullptr, false);
  if (!object.is_object()) {
    return Error{Errc::invalid_argument, "the body must be a JSON object"};
  }
  return CommandBody(std::move(object));
}

const Json* CommandBody::member(std::string_view name) const {
  const auto at = object_.find(std::string(name));
  return at == object_.end() || at->is_null() ? nullptr : &*at;
}

Result<std::string> CommandBody::text(std::string_view name, std::size_t bytes_max) const {
  const Json* value = member(name);
  if (value == nullptr) return std::string();
  if (!value->is_string()) return wrong_member(name, "expected a text");
  auto text = value->get<std::string>();
  if (text.size() > bytes_max) {
    return wrong_member(name, "is longer than " + std::to_string(bytes_max) + " bytes");
  }
  return text;
}

Result<std::string> CommandBody::required_text(std::string_view name, std::size_t bytes_max) const {
  auto given = text(name, bytes_max);
  if (given && given->empty()) return wrong_member(name, "is required");
  return given;
}

Result<std::optional<TimeMs>> CommandBody::time(std::string_view name, TimeMs now) const {
  const Json* value = member(name);
  if (value == nullptr) return std::optional<TimeMs>();
  const auto time =
      value->is_string() ? parse_time(value->get<std::string>(), now) : Result(epoch_ms(*value));
  if (!time) return wrong_member(name, time.error().message);
  if (*time < kTimeMin || *time > kTimeMax) {
    return wrong_member(name, "expected a time of the years 1 to 9999");
  }
  return std::optional(*time);
}

Result<std::optional<DurationMs>> CommandBody::duration(std::string_view name) const {
  const auto given = text(name);
  if (!given) return given.error();
  if (given->empty()) return std::optional<DurationMs>();
  const auto duration = parse_duration(*given);
  if (!duration) return wrong_member(name, duration.error().message);
  return std::optional(*duration);
}

Result<std::optional<bool>> CommandBody::flag(std::string_view name) const {
  const Json* value = member(name);
  if (value == nullptr) return std::optional<bool>();
  if (!value->is_boolean()) return wrong_member(name, "expected true or false");
  return std::optional(value->get<bool>());
}

}  // namespace vitals::api
