#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/net/message.h>

#include "answer.h"

namespace vitals::api {

/// The JSON object that a command carries. Members that are not asked for are ignored. Errors:
/// invalid_argument naming the member and the reason.
class CommandBody {
 public:
  /// No body at all is an empty object.
  static Result<CommandBody> parse(const net::Request& request);

  static constexpr std::size_t kTextMax = 4'000;  ///< bytes of one text

  /// "" when it is not given (or null).
  Result<std::string> text(std::string_view member, std::size_t bytes_max = kTextMax) const;
  /// The same, but it must be given.
  Result<std::string> required_text(std::string_view member,
                                    std::size_t bytes_max = kTextMax) const;
  /// A time as query parameters take it, or epoch milliseconds.
  Result<std::optional<TimeMs>> time(std::string_view member, TimeMs now) const;
  Result<std::optional<DurationMs>> duration(std::string_view member) const;
  Result<std::optional<bool>> flag(std::string_view member) const;
  /// Null when it is not given.
  const Json* member(std::string_view name) const;

  static constexpr TimeMs kTimeMin = -62'135'596'800'000;  ///< year 1
  static constexpr TimeMs kTimeMax = 253'402'300'799'999;  ///< the end of year 9999

 private:
  explicit CommandBody(Json object) : object_(std::move(object)) {}
  Json object_;
};

/// `member: reason`.
Error wrong_member(std::string_view member, std::string_view reason);

}  // namespace vitals::api
