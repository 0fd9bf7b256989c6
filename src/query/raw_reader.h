#pragma once

#include <string>
#include <vector>

#include <vitals/events/log_view.h>
#include <vitals/metrics/measure.h>
#include <vitals/model/filter.h>

#include "deadline.h"
#include "tallies.h"

namespace vitals::query {

/// Adds raw events to tallies, block by block, each group's rows of a block at once.
class RawReader {
 public:
  /// Keeps references to all but the columns.
  RawReader(const events::LogView& log, const std::vector<model::Filter>& filters,
            const std::vector<std::string>& group_by, const metrics::Needs& needs,
            const metrics::Options& options, Tallies& tallies);

  /// Adds events with from_ms ≤ time < to_ms at log positions ≥ first.
  Status read(TimeMs from_ms, TimeMs to_ms, events::Position first, const Deadline& deadline);

 private:
  std::vector<std::uint32_t> select(const events::Block& block,
                                    const events::ScanRequest& request) const;
  void add(const events::Block& block, std::vector<std::uint32_t> rows);

  const events::LogView& log_;
  const std::vector<model::Filter>& filters_;
  const std::vector<std::string>& group_by_;
  const metrics::Options& options_;
  Tallies& tallies_;
  model::ColumnSet columns_;
};

}  // namespace vitals::query
