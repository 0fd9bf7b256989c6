#include <vitals/metrics/cell.h>

namespace vitals::metrics {

Needs Needs::everything() {
  Needs needs;
  needs.moments = (1U << kMeasureCount) - 1;
  needs.sketches = needs.moments;
  needs.users = needs.sessions = needs.error_types = true;
  return needs;
}

void Needs::merge(const Needs& other) {
  moments |= other.moments;
  sketches |= other.sketches;
  users |= other.users;
  sessions |= other.sessions;
  error_types |= other.error_types;
}

bool Needs::covers(const Needs& other) const {
  Needs both = *this;
  both.merge(other);
  return both == *this;
}

model::ColumnSet columns_for(const Needs& needs) {
  model::ColumnSet columns;
  columns.outcome = true;  // counts are always carried
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    if ((((needs.moments | needs.sketches) >> i) & 1U) != 0) {
      require_measure(static_cast<Measure>(i), columns);
    }
  }
  if (needs.users) columns.add(model::Label::user);
  if (needs.sessions) columns.add(model::Label::session);
  if (needs.error_types) columns.add(model::Label::error_type);
  return columns;
}

}  // namespace vitals::metrics
