#include "history_reader.h"

#include <utility>

namespace vitals::pipeline {

void HistoryReader::use(rules::Evaluator& evaluator) {
  evaluator_ = &evaluator;
  ++rule_sets_;
  waiting_.clear();
  unreadable_.clear();
}

void HistoryReader::ask(TimeMs now) {
  if (!parts_.read_history) return;
  for (const std::size_t rule : evaluator_->due_history(now)) waiting_.push_back(rule);
  ask_waiting();
}

void HistoryReader::ask_waiting() {
  while (!waiting_.empty() && !under_way_) {
    const std::size_t rule = waiting_.front();
    waiting_.pop_front();
    const auto done = [this, rule, asked_of = rule_sets_](Answer answer) {
      post_([this, rule, asked_of, answer = std::move(answer)]() mutable {
        under_way_ = false;
        answered(rule, asked_of, std::move(answer));
        ask_waiting();
      });
    };
    under_way_ = parts_.read_history(evaluator_->rules()[rule], done);
    if (!under_way_) {
      answered(rule, rule_sets_, Error{Errc::unavailable, "too many questions wait"});
    }
  }
}

void HistoryReader::answered(std::size_t rule, std::uint64_t asked_of, Answer answer) {
  if (asked_of != rule_sets_) return;
  if (answer) {
    unreadable_.erase(rule);
  } else if (unreadable_.insert(rule).second) {
    parts_.logger->warn("rule {} keeps its last answer, its history cannot be read: {}",
                        evaluator_->rules()[rule].name, answer.error().message);
  }
  evaluator_->take_history(rule, std::move(answer));
}

}  // namespace vitals::pipeline
