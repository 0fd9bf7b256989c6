#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/base/uuid.h>
#include <vitals/metrics/metric.h>
#include <vitals/model/alert.h>
#include <vitals/rules/rule.h>
#include <vitals/window/windows.h>

namespace vitals::rules {

/// Turns windows into alerts: pending → firing → resolved, per rule and group. Only the spine
/// touches it. It owns no storage: the caller saves every alert that evaluate() returns, and
/// hands the open ones back after a restart.
class Evaluator {
 public:
  /// Registers the rules' windows. The catalogue and windows must outlive it.
  /// Errors: invalid_argument naming rule, field and reason (unknown metric, …).
  static Result<std::unique_ptr<Evaluator>> make(std::vector<Rule> rules,
                                                 const metrics::Catalogue& catalogue,
                                                 window::Windows& windows,
                                                 std::uint64_t uuid_seed = 0);
  ~Evaluator();

  /// Takes over alerts that were pending or firing. Those whose rule is gone are resolved by the
  /// next evaluate().
  void restore(std::vector<model::Alert> open);

  /// Alerts whose status changed now, in rule order. An alert that was only pending and went away
  /// is returned as resolved with firing_since 0 (save it, tell nobody).
  std::vector<model::Alert> evaluate(TimeMs now);

  /// Pending and firing alerts.
  std::vector<model::Alert> open() const;
  const std::vector<Rule>& rules() const;

 private:
  struct State;
  explicit Evaluator(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// An alert as the bytes it is stored in (JSON), and back.
std::string encode(const model::Alert& alert);
Result<model::Alert> decode(std::string_view bytes);

}  // namespace vitals::rules
