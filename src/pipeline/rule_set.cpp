#include "rule_set.h"

#include <utility>

#include <vitals/events/log_view.h>

namespace vitals::pipeline {
namespace {

Status replay(window::Windows& windows, const events::EventLog& log, const store::Store& store,
              TimeMs now) {
  events::ScanRequest recent;
  recent.from_ms = now - windows.longest_ms();
  recent.columns = model::ColumnSet::all();
  recent.columns.ids = false;

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

}  // namespace

Result<RuleSet> make_rule_set(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                              const events::EventLog& log, const store::Store& store, TimeMs now) {
  RuleSet set;
  set.windows = std::make_unique<window::Windows>(catalogue.options());
  auto evaluator = rules::Evaluator::make(std::move(rules), catalogue, *set.windows);
  if (!evaluator) return std::move(evaluator).error();
  set.evaluator = *std::move(evaluator);
  if (auto replayed = replay(*set.windows, log, store, now); !replayed) {
    return std::move(replayed).error();
  }
  return set;
}

}  // namespace vitals::pipeline
