#pragma once

#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>

namespace vitals::model {

/// From `from` to before `until` nobody is told of alerts that satisfy all matchers. A plain value.
struct Silence {
  std::string id;                ///< UUIDv7
  std::vector<Filter> matchers;  ///< of parse_matcher(), at least one
  TimeMs from = 0;
  TimeMs until = 0;
  TimeMs created_at = 0;
  std::string by;
  std::string reason;

  bool in_force(TimeMs now) const { return from <= now && now < until; }
  bool operator==(const Silence&) const = default;
};

}  // namespace vitals::model
