#include "rule_set.h"

#include <string>
#include <utility>

#include <vitals/events/log_view.h>

namespace vitals::pipeline {
namespace {

Status replay(window::Windows& windows, const events::EventLog& log, const store::Store& store,
              TimeMs now) {
  events::ScanRequest recent;
  recent.from_ms = now - windows.replay_ms();
  recent.columns = windows.replay_columns();

  const events::LogView view(log, store.snapshot());
  const auto scan = view.scan(recent);
  events::Block block;
  while (true) {
    const auto more = scan->next(block);
    if (!more) return more.error();
    if (!*more) return {};
    windows.apply(block.rows, now);
  }
}

window::Windows::OnRefused report(Logger logger, std::size_t groups_max,
                                  telemetry::Counter& refused) {
  return [logger = std::move(logger), groups_max, &refused,
          told = false](const window::Spec& spec) mutable {
    refused.add();
    if (std::exchange(told, true)) return;
    std::string fields;
    for (const std::string& field : spec.group_by) fields += " " + field;
    logger->warn(
        "rules watch {} groups and no more (pipeline.rule_groups): others raise no alerts; first "
        "met by group_by{}",
        groups_max, fields);
  };
}

}  // namespace

Result<RuleSet> make_rule_set(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                              const events::EventLog& log, const store::Store& store, TimeMs now,
                              const Logger& logger, std::size_t groups_max,
                              telemetry::Counter& refused) {
  RuleSet set;
  set.windows = std::make_unique<window::Windows>(catalogue.options(), window::kMemoryMs,
                                                  groups_max, report(logger, groups_max, refused));
  auto evaluator = rules::Evaluator::make(std::move(rules), catalogue, *set.windows);
  if (!evaluator) return std::move(evaluator).error();
  set.evaluator = *std::move(evaluator);
  if (auto replayed = replay(*set.windows, log, store, now); !replayed) {
    return std::move(replayed).error();
  }
  return set;
}

}  // namespace vitals::pipeline
