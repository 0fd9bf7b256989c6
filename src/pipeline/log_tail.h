#pragma once

#include <memory>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/model/batch.h>
#include <vitals/store/store.h>

namespace vitals::pipeline {

/// Events at the end of the log that are to be folded into cells, in order.
struct LogTail {
  std::vector<std::shared_ptr<const model::ExecutionBatch>> batches;
  events::Position through;  ///< one past the last
};

/// As many as one fold takes, from this position on: those just appended are still in memory, the
/// others are read. Maintenance thread only. Errors: io and corruption of the log.
Result<LogTail> read_tail(events::EventLog& log, const store::Store& store, events::Position first);

}  // namespace vitals::pipeline
