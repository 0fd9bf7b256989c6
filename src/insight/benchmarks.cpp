#include <algorithm>

#include <vitals/insight/benchmarks.h>

namespace vitals::insight {
namespace {

bool fits(const std::optional<model::Filter>& pattern, std::string_view name) {
  return !pattern || pattern->matches(name);
}

}  // namespace

std::optional<Benchmark> Benchmarks::find(const metrics::MetricInfo& info, std::string_view prompt,
                                          std::string_view version) const {
  for (const PromptBenchmarks& one : of_prompts_) {
    const auto at = one.metrics.find(info.name);
    if (at == one.metrics.end() || !fits(one.prompt, prompt) || !fits(one.version, version)) {
      continue;
    }
    if (const auto& given = bound(at->second)) return Benchmark{*given, BenchmarkOf::prompt};
    break;
  }
  if (const auto given = own(info)) return Benchmark{*given, BenchmarkOf::metric};
  return std::nullopt;
}

bool Benchmarks::has(const metrics::MetricInfo& info, const std::optional<std::string>& prompt,
                     const std::optional<std::string>& version) const {
  if (own(info)) return true;
  return std::any_of(of_prompts_.begin(), of_prompts_.end(), [&](const PromptBenchmarks& one) {
    const auto at = one.metrics.find(info.name);
    return at != one.metrics.end() && bound(at->second) && (!prompt || fits(one.prompt, *prompt)) &&
           (!version || fits(one.version, *version));
  });
}

}  // namespace vitals::insight
