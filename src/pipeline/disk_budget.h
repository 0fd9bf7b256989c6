#pragma once

#include <cstdint>

#include <vitals/base/result.h>
#include <vitals/pipeline/maintenance.h>

namespace vitals::pipeline {

/// Keeps events and cells within so many bytes; 0 is no limit. Maintenance thread only.
class DiskBudget {
 public:
  DiskBudget(const MaintenanceParts& parts, std::uint64_t bytes);

  /// Drops the oldest of what is stored while that is more. Errors: resource_exhausted when what is
  /// left is too young.
  Status keep(TimeMs now);

 private:
  const MaintenanceParts& parts_;
  const std::uint64_t budget_;
  telemetry::Gauge& held_bytes_;
  telemetry::Counter& shed_bytes_;
};

}  // namespace vitals::pipeline
