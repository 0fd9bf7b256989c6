#pragma once

#include <functional>

#include <vitals/evaluate/evaluators.h>
#include <vitals/events/log_view.h>

namespace vitals::evaluate {

/// Reads the log for one evaluator: the executions it is to be asked about. Not thread-safe.
class Follower {
 public:
  Follower(const Parts& parts, const Evaluator& evaluator, events::Position from)
      : parts_(parts), evaluator_(evaluator), position_(from) {}

  /// Takes one execution, or has no room: then it is shown again next time.
  using Take = std::function<bool(const events::Block& block, std::uint32_t row)>;
  /// Shows the executions of the next block in log order. A block that cannot be read is passed
  /// over, and is an error.
  Status read(const Take& take);

  /// All before it has been taken, or is not asked about.
  events::Position position() const { return position_; }
  bool behind() const { return position_ < parts_.log.end(); }
  void go_back(events::Position position) { position_ = position; }

 private:
  Status pass_over(const events::LogView& view, const events::ScanRequest& request);

  const Parts& parts_;
  const Evaluator& evaluator_;
  events::Position position_;
};

}  // namespace vitals::evaluate
