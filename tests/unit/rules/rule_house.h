#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/evaluator.h>
#include <vitals/window/windows.h>

#include "support/few_events.h"

namespace vitals::rules::test {

using vitals::test::batch_of;
using vitals::test::FewEvent;

inline constexpr TimeMs kNow = 1'790'000'000'000;

/// Rules over real windows and metrics, with a log to be replayed after a restart.
class RuleHouse {
 public:
  explicit RuleHouse(std::vector<Rule> rules, std::uint64_t uuid_seed = 7)
      : rules_(std::move(rules)), uuid_seed_(uuid_seed) {
    build();
  }

  void post(std::vector<FewEvent> events, TimeMs now) {
    windows_->apply(batch_of(events), now);
    log_.insert(log_.end(), events.begin(), events.end());
  }
  void post(TimeMs now, const std::string& prompt, int successes, int errors) {
    std::vector<FewEvent> events(static_cast<std::size_t>(successes), {now, prompt});
    events.resize(events.size() + static_cast<std::size_t>(errors), {now, prompt, model::Tri::no});
    post(std::move(events), now);
  }

  /// Keeps the stored form of open alerts up to date, as the spine does.
  std::vector<model::Alert> evaluate(TimeMs now) {
    std::vector<model::Alert> changed = evaluator_->evaluate(now);
    evaluated_at_ = now;
    for (const model::Alert& alert : changed) {
      if (alert.status == model::AlertStatus::resolved) {
        stored_.erase(alert.id);
      } else {
        stored_[alert.id] = alert;
      }
    }
    return changed;
  }

  /// As after a crash, the daemon being down since the last evaluation: new windows from the log,
  /// open alerts from their stored form.
  void restart(TimeMs now) {
    build();
    std::vector<FewEvent> recent;
    for (const FewEvent& event : log_) {
      if (event.time_ms >= now - windows_->replay_ms()) recent.push_back(event);
    }
    windows_->apply(batch_of(recent), now);
    std::vector<model::Alert> open;
    for (const auto& [id, alert] : stored_) open.push_back(alert);
    evaluator_->listening_since(now);
    evaluator_->restore(std::move(open), evaluated_at_);
  }
  void restart(TimeMs now, std::vector<Rule> rules) {
    rules_ = std::move(rules);
    restart(now);
  }

  Evaluator& evaluator() { return *evaluator_; }

 private:
  void build() {
    windows_ = std::make_unique<window::Windows>(metrics::Options{});
    auto made = Evaluator::make(rules_, catalogue_, *windows_, uuid_seed_++);
    if (!made) throw std::runtime_error(made.error().message);
    evaluator_ = *std::move(made);
  }

  metrics::Catalogue catalogue_{metrics::Options{}};
  std::vector<Rule> rules_;
  std::uint64_t uuid_seed_;
  std::vector<FewEvent> log_;
  TimeMs evaluated_at_ = 0;
  std::map<std::string, model::Alert> stored_;
  std::unique_ptr<window::Windows> windows_;
  std::unique_ptr<Evaluator> evaluator_;
};

inline Threshold& threshold_of(Rule& rule) { return std::get<Threshold>(rule.condition); }

/// Success rate of each prompt below 90 % over 5 minutes, for 2 minutes.
inline Rule success_rule() {
  Rule rule;
  rule.name = "success";
  rule.condition = Threshold{"execution_success_rate", {}, Comparison::below, 90};
  rule.window_ms = 5 * kMinuteMs;
  rule.for_ms = 2 * kMinuteMs;
  rule.min_samples = 10;
  rule.group_by = {"prompt"};
  rule.severity = model::Severity::critical;
  rule.labels = {{"alert", "A3"}};
  rule.source = "mission.yaml:3";
  return rule;
}

using Statuses = std::vector<model::AlertStatus>;

inline Statuses statuses(const std::vector<model::Alert>& alerts) {
  Statuses found;
  for (const model::Alert& alert : alerts) found.push_back(alert.status);
  return found;
}

/// Why these rules cannot be used; empty if they can.
inline std::string refusal(const std::vector<Rule>& rules) {
  const metrics::Catalogue catalogue{metrics::Options{}};
  window::Windows windows({});
  const auto made = Evaluator::make(rules, catalogue, windows, 1);
  return made ? "" : made.error().message;
}

inline Rule absence_rule() {
  Rule rule;
  rule.name = "silence";
  rule.condition = Absence{15 * kMinuteMs};
  return rule;
}

}  // namespace vitals::rules::test
