#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>

namespace vitals {

/// What clocks show in a place of the IANA time zone database, daylight saving time included.
/// A plain value; the default is UTC.
class TimeZone {
 public:
  /// `Europe/Berlin`, `UTC`. Reads the operating system's database (Debian: tzdata).
  /// Errors: invalid_argument for a name that it does not have.
  static Result<TimeZone> named(std::string_view name);

  const std::string& name() const { return name_; }

  struct Local {
    int weekday = 0;  ///< 0 is Monday
    int minute_of_day = 0;
  };
  Local local(TimeMs time) const;

  bool operator==(const TimeZone& other) const { return name_ == other.name_; }

 private:
  struct Zone;
  std::string name_ = "UTC";
  std::shared_ptr<const Zone> zone_;  ///< null is UTC
};

}  // namespace vitals
