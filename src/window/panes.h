#pragma once

#include <cstdint>
#include <vector>

#include <vitals/metrics/cell.h>

namespace vitals::window {

/// The sum of the newest 60 panes of one group, kept so that moving on costs O(1) merges although
/// cells cannot be subtracted: the two-stacks algorithm (Tangwongsan, Hirzel, Schneider, Wu:
/// General Incremental Sliding-Window Aggregation, PVLDB 8(7), 2015), extended to panes that are
/// missing, late or still to come. Panes are numbered by time.
class Panes {
 public:
  static constexpr std::int64_t kCount = 60;

  explicit Panes(const metrics::Needs& needs) : newer_sum_(needs) {}

  /// Makes `current` the newest pane that counts. Going back is allowed, and costs more.
  void advance(std::int64_t current);

  /// Adds events of one pane; dropped when the pane has left the window.
  void add(std::int64_t pane, const metrics::Cell& cell);

  /// Everything in the window; keeps the buffers of `out`.
  void sum(metrics::Cell& out) const;

  /// No pane left, counting or to come.
  bool empty() const { return older_.empty() && newer_.empty(); }

 private:
  struct Pane {
    std::int64_t number;
    metrics::Cell cell;
  };
  std::int64_t oldest() const { return current_ - kCount + 1; }
  void add_late(std::int64_t pane, const metrics::Cell& cell);
  void flip(std::int64_t current);

  std::int64_t current_ = 0;
  std::vector<Pane> older_;  ///< oldest pane last; each cell is the sum from its pane to the first
  std::vector<Pane> newer_;  ///< oldest pane first, each on its own; those to come at the end
  metrics::Cell newer_sum_;  ///< of newer_ up to current_
};

}  // namespace vitals::window
