#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <set>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/pipeline/spine.h>
#include <vitals/rules/evaluator.h>

namespace vitals::pipeline {

/// Has the history of rules read elsewhere, one after the other, and brings the evaluator what came
/// of it. Only the spine's thread touches it.
class HistoryReader {
 public:
  using Post = std::function<void(std::function<void()>)>;
  HistoryReader(const SpineParts& parts, Post post) : parts_(parts), post_(std::move(post)) {}

  /// Other rules: answers to what was asked before are dropped.
  void use(rules::Evaluator& evaluator);
  /// Asks for what is due.
  void ask(TimeMs now);

 private:
  using Answer = Result<std::vector<rules::GroupReading>>;
  void ask_waiting();
  void answered(std::size_t rule, std::uint64_t asked_of, Answer answer);

  const SpineParts& parts_;
  const Post post_;
  rules::Evaluator* evaluator_ = nullptr;
  std::uint64_t rule_sets_ = 0;  ///< how many there have been
  std::deque<std::size_t> waiting_;
  /// One question at a time, of this rule set or one before: people want query threads too.
  bool under_way_ = false;
  std::set<std::size_t> unreadable_;  ///< rules whose last answer was an error
};

}  // namespace vitals::pipeline
