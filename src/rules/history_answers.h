#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/rules/reading.h>
#include <vitals/rules/rule.h>

namespace vitals::rules {

/// When the history of each rule is read, and what came of it.
class HistoryAnswers {
 public:
  explicit HistoryAnswers(const std::vector<Rule>& rules) {
    for (const Rule& rule : rules) rules_.push_back({is_on_history(rule), rule.every_ms});
  }

  std::vector<std::size_t> due(TimeMs now) {
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      PerRule& rule = rules_[i];
      if (!rule.on_history || rule.under_way) continue;
      // A clock that was set back must not stop it.
      if (now < rule.next && rule.next <= now + rule.every_ms) continue;
      rule.under_way = true;
      rule.next = now + rule.every_ms;
      due.push_back(i);
    }
    return due;
  }

  void take(std::size_t i, Result<std::vector<GroupReading>> answer) {
    rules_[i].under_way = false;
    if (answer) rules_[i].last = *std::move(answer);
  }

  /// Null before there was one.
  const std::vector<GroupReading>* last(std::size_t i) const {
    return rules_[i].last ? &*rules_[i].last : nullptr;
  }

 private:
  struct PerRule {
    bool on_history;
    DurationMs every_ms;
    bool under_way = false;
    TimeMs next = 0;
    std::optional<std::vector<GroupReading>> last = std::nullopt;
  };
  std::vector<PerRule> rules_;
};

}  // namespace vitals::rules
