#include "replay.h"

#include <utility>

namespace vitals::backtest {
namespace {

/// Ids tell alerts of one run apart, so they may be the same in each.
constexpr std::uint64_t kUuidSeed = 1;

}  // namespace

Result<Replay> Replay::make(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                            TimeMs listening_since, ReadHistory read_history) {
  Replay replay;
  replay.windows_ = std::make_unique<window::Windows>(catalogue.options());
  auto made = rules::Evaluator::make(std::move(rules), catalogue, *replay.windows_, kUuidSeed);
  if (!made) return std::move(made).error();
  replay.evaluator_ = *std::move(made);
  replay.evaluator_->listening_since(listening_since);
  replay.read_history_ = std::move(read_history);
  return replay;
}

std::vector<model::Alert> Replay::evaluate(TimeMs now) {
  for (const std::size_t rule : evaluator_->due_history(now)) {
    auto answer = read_history_(evaluator_->rules()[rule], now);
    ++readings_;
    if (!answer) {
      ++readings_failed_;
      last_failure_ = answer.error().message;
    }
    evaluator_->take_history(rule, std::move(answer));
  }
  return evaluator_->evaluate(now);
}

}  // namespace vitals::backtest
