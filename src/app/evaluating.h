#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/evaluate/evaluators.h>
#include <vitals/events/event_log.h>
#include <vitals/net/calls.h>
#include <vitals/pipeline/intake.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::app {

/// The thread that asks evaluators and hands what they say to the intake, as any other writer.
class Evaluating {
 public:
  static Result<std::unique_ptr<Evaluating>> open(store::Store& store, const events::EventLog& log,
                                                  const Clock& clock, const Logger& logger,
                                                  telemetry::Registry& telemetry,
                                                  pipeline::Intake& intake,
                                                  const std::vector<evaluate::Evaluator>& whom);

  /// Works until stop(). Requests under way are left to themselves then, and made again at the next
  /// start.
  void run();
  void stop();
  /// As evaluate::Evaluators::reread(). Thread-safe.
  void reread() { evaluators_->reread(); }
  /// As evaluate::Evaluators::standings(). Thread-safe.
  std::vector<evaluate::Standing> standings() const { return evaluators_->standings(); }

 private:
  Evaluating() = default;

  std::unique_ptr<net::Calls> calls_;
  std::unique_ptr<evaluate::Evaluators> evaluators_;
  std::atomic<bool> stopped_{false};
};

}  // namespace vitals::app
