#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include <vitals/base/result.h>
#include <vitals/pipeline/maintenance.h>

namespace vitals::pipeline {

/// Makes the cells of days anew whose events have changed. Of the maintenance thread.
class Rebuilding {
 public:
  explicit Rebuilding(const MaintenanceParts& parts) : parts_(parts) {}

  /// Cells of some days are dirty, or are about to be.
  void expect() { expected_ = true; }
  bool expected() const { return expected_; }

  /// All days, at once. Passes over those that fail; the first error.
  Status all();

  /// Whether one day is to be made anew now.
  bool due() const { return expected_ && parts_.clock.monotonic_us() >= not_before_us_; }
  /// One day, so that nothing waits long for it. When all have had their turn, how that went:
  /// days that failed get the next one.
  std::optional<Status> next();

 private:
  static constexpr TimeMs kFirst = std::numeric_limits<TimeMs>::min();

  Status rebuild(TimeMs day);
  Status end_round(Status status);

  const MaintenanceParts& parts_;
  bool expected_ = true;  ///< a start may have cut some off
  TimeMs next_ = kFirst;
  Status round_;
  std::int64_t not_before_us_ = 0;
};

}  // namespace vitals::pipeline
