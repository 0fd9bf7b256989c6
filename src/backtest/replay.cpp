#include "replay.h"

#include <utility>

namespace vitals::backtest {
namespace {

/// Ids tell alerts of one run apart, so they may be the same in each.
constexpr std::uint64_t kUuidSeed = 1;

}  // namespace

Result<Replay> Replay::make(std::vector<rules::Rule> rules, const metrics::Catalogue& catalogue,
                            TimeMs listening_since) {
  Replay replay;
  replay.windows_ = std::make_unique<window::Windows>(catalogue.options());
  auto made = rules::Evaluator::make(std::move(rules), catalogue, *replay.windows_, kUuidSeed);
  if (!made) return std::move(made).error();
  replay.evaluator_ = *std::move(made);
  replay.evaluator_->listening_since(listening_since);
  return replay;
}

}  // namespace vitals::backtest
