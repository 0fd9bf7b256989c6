#pragma once

#include <cstdint>
#include <deque>

#include <vitals/metrics/cell.h>

namespace vitals::window {

/// The sum of the newest 60 panes of one group, kept so that moving on costs O(1) merges although
/// cells cannot be subtracted: the two-stacks algorithm (Tangwongsan, Hirzel, Schneider, Wu:
/// General Incremental Sliding-Window Aggregation, PVLDB 8(7), 2015), extended to panes that are
/// missing, late or still to come. Panes are numbered by time.
class Panes {
 public:
  static constexpr std::int64_t kCount = 60;

  /// The stacks are turned over once in 60 panes; groups of different `phase` do it at different
  /// panes, so that many groups share the work evenly.
  Panes(const metrics::Needs& needs, std::uint64_t phase)
      : phase_(static_cast<std::int64_t>(phase % kCount)), newer_sum_(needs), total_(needs) {}

  /// Makes `current` the newest pane that counts. Going back is allowed, and costs more.
  void advance(std::int64_t current);

  /// Adds events of one pane; dropped when the pane has left the window.
  void add(std::int64_t pane, const metrics::Cell& cell);

  /// Everything in the window.
  const metrics::Cell& sum();

  /// No pane left, counting or to come.
  bool empty() const { return older_.empty() && newer_.empty(); }

 private:
  struct Pane {
    std::int64_t number;
    metrics::Cell cell;
  };
  std::int64_t oldest() const { return current_ - kCount + 1; }
  std::int64_t turn(std::int64_t pane) const { return (pane + phase_) / kCount; }
  void recount();
  void reach(std::int64_t before);
  void turn_over();
  void add_newer(std::int64_t pane, const metrics::Cell& cell);
  void add_late(std::int64_t pane, const metrics::Cell& cell);

  std::int64_t phase_;
  std::int64_t current_ = 0;
  std::deque<Pane> older_;   ///< newest first; each cell is the sum from its pane to the first
  std::deque<Pane> newer_;   ///< oldest first, each on its own; those to come at the end
  metrics::Cell newer_sum_;  ///< of newer_ up to current_
  metrics::Cell total_;      ///< the answer, while total_valid_
  bool total_valid_ = true;
};

}  // namespace vitals::window
