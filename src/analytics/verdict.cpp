#include <algorithm>

#include <vitals/analytics/verdict.h>

namespace vitals::analytics {

Judgement judge(const Estimate& estimate, const Benchmark& benchmark, std::uint64_t count_min) {
  if (!estimate.value) return {Verdict::insufficient_data, Doubt::no_data, std::nullopt};
  const auto margin = [&](double value) {
    return benchmark.higher_is_better ? value - benchmark.bound : benchmark.bound - value;
  };
  Judgement judgement{Verdict::insufficient_data, Doubt::too_few, margin(*estimate.value)};
  if (estimate.count < count_min || !estimate.bounds) return judgement;
  const auto [worse, better] =
      std::minmax({margin(estimate.bounds->low), margin(estimate.bounds->high)});
  judgement.doubt = Doubt::none;
  if (worse >= 0) {
    judgement.verdict = Verdict::pass;
  } else if (better < 0) {
    judgement.verdict = Verdict::fail;
  } else {
    judgement.doubt = Doubt::too_close;
  }
  return judgement;
}

Verdict verdict_of_all(std::span<const Verdict> verdicts) {
  const auto is = [](Verdict wanted) { return [wanted](Verdict one) { return one == wanted; }; };
  if (std::any_of(verdicts.begin(), verdicts.end(), is(Verdict::fail))) return Verdict::fail;
  const bool all = std::all_of(verdicts.begin(), verdicts.end(), is(Verdict::pass));
  return all && !verdicts.empty() ? Verdict::pass : Verdict::insufficient_data;
}

}  // namespace vitals::analytics
