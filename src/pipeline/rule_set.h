#pragma once

#include <memory>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/events/event_log.h>
#include <vitals/metrics/metric.h>
#include <vitals/rules/evaluator.h>
#include <vitals/rules/rule.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>
#include <vitals/window/windows.h>

namespace vitals::pipeline {

/// Rules in force with the windows they watch. Only the spine touches it.
struct RuleSet {
  std::unique_ptr<window::Windows> windows;  ///< stays where it is: the evaluator refers to it
  std::unique_ptr<rules::Evaluator> evaluator;
};

/// Makes the windows of these rules and fills them with the logged events that they would remember.
/// They watch at most `groups_max` groups; `refused` counts those that there is no room for, the
/// first is named in the log.
Result<RuleSet> make_rule_set(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                              const events::EventLog& log, const store::Store& store, TimeMs now,
                              const Logger& logger, std::size_t groups_max,
                              telemetry::Counter& refused);

}  // namespace vitals::pipeline
