#pragma once

#include <cstdint>
#include <vector>

#include <vitals/base/result.h>
#include <vitals/events/log_view.h>
#include <vitals/model/batch.h>

namespace vitals::backtest {

/// Executions of a range in order of their time, from a log in order of arrival. It is read in
/// slices of time that hold about kSliceRows each, so a block that spans much time is read again
/// for each slice, and memory is bounded.
class OrderedEvents {
 public:
  /// Within (after, through]. The view must outlive it.
  static Result<OrderedEvents> open(const events::LogView& view, events::ScanRequest request,
                                    TimeMs after, TimeMs through);

  /// The earliest that there may be; nothing when there are none.
  std::optional<TimeMs> first_ms() const { return first_ms_; }

  /// Of those that were not given yet the ones up to this time, as many as are at hand; false: no
  /// more. Errors: io and corruption of the log.
  Result<bool> next(TimeMs through, model::ExecutionBatch& out);

  std::uint64_t given() const { return given_; }

 private:
  OrderedEvents(const events::LogView& view, events::ScanRequest request, TimeMs after,
                TimeMs through);
  Status plan();
  Status read_slice();

  const events::LogView* view_;
  events::ScanRequest request_;
  TimeMs read_;     ///< everything up to here is in the slice, or was
  TimeMs through_;  ///< the end
  DurationMs cut_ms_;
  std::vector<double> expected_;  ///< rows in each cut of the range
  std::optional<TimeMs> first_ms_;

  model::ExecutionBatch slice_;
  std::vector<std::uint32_t> order_;  ///< rows of the slice by time …
  std::size_t at_ = 0;                ///< … from here on not given yet
  std::uint64_t given_ = 0;
};

}  // namespace vitals::backtest
