#include <chrono>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>

#include <vitals/base/time_zone.h>

namespace vitals {

struct TimeZone::Zone {
  cctz::time_zone zone;
};

Result<TimeZone> TimeZone::named(std::string_view name) {
  TimeZone made;
  made.name_ = name;
  Zone zone;
  if (name.empty() || !cctz::load_time_zone(made.name_, &zone.zone)) {
    return Error{Errc::invalid_argument, "there is no time zone '" + made.name_ +
                                             "': expected a name as Europe/Berlin or UTC"};
  }
  made.zone_ = std::make_shared<const Zone>(zone);
  return made;
}

TimeZone::Local TimeZone::local(TimeMs time) const {
  const std::chrono::system_clock::time_point at{std::chrono::milliseconds(time)};
  const cctz::civil_second civil =
      cctz::convert(at, zone_ != nullptr ? zone_->zone : cctz::utc_time_zone());
  return {static_cast<int>(cctz::get_weekday(cctz::civil_day(civil))),
          civil.hour() * 60 + civil.minute()};
}

}  // namespace vitals
