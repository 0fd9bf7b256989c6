#include <catch2/catch.hpp>

#include <vitals/insight/benchmarks.h>

namespace vitals::insight {
namespace {

const metrics::MetricInfo kSuccess{.name = "success",
                                   .unit = "",
                                   .description = "",
                                   .direction = metrics::Direction::higher_is_better,
                                   .target = 95,
                                   .alert = 90};
const metrics::MetricInfo kCost{.name = "cost",
                                .unit = "",
                                .description = "",
                                .direction = metrics::Direction::lower_is_better};

std::vector<PromptBenchmarks> configured() {
  return {{model::Filter{"prompt", false, {"a/*"}},
           model::Filter{"version", false, {"v1*"}},
           {{"success", {80, std::nullopt}}}},
          {model::Filter{"prompt", false, {"a/*"}}, {}, {{"success", {98, 97}}, {"cost", {2, {}}}}},
          {{}, model::Filter{"version", false, {""}}, {{"success", {50, 40}}}}};
}

/// As `98 prompt`.
std::string found(const metrics::MetricInfo& info, bool alert, std::string_view prompt,
                  std::string_view version) {
  const auto benchmark = Benchmarks(configured(), alert).find(info, prompt, version);
  if (!benchmark) return "none";
  return std::to_string(static_cast<int>(benchmark->bound)) +
         (benchmark->of == BenchmarkOf::prompt ? " prompt" : " metric");
}

TEST_CASE("the first benchmark counts that fits the version and names the metric") {
  CHECK(found(kSuccess, false, "a/b", "v1.2") == "80 prompt");
  CHECK(found(kSuccess, false, "a/b", "v2") == "98 prompt");
  CHECK(found(kSuccess, false, "a/b", "") == "98 prompt");
  CHECK(found(kSuccess, false, "b", "") == "50 prompt");
  CHECK(found(kSuccess, false, "b", "v1") == "95 metric");
  CHECK(found(kCost, false, "a/b", "v1.2") == "2 prompt");
  CHECK(found(kCost, false, "b", "v1") == "none");
}

TEST_CASE("a bound that the first one does not give is the metric's own") {
  CHECK(found(kSuccess, true, "a/b", "v1.2") == "90 metric");
  CHECK(found(kSuccess, true, "a/b", "v2") == "97 prompt");
  CHECK(found(kCost, true, "a/b", "v1.2") == "none");
}

TEST_CASE("a metric has a benchmark where any version that is asked about may have one") {
  const Benchmarks targets(configured(), false);
  CHECK(targets.has(kSuccess, "z", "v"));
  CHECK(targets.has(kCost, std::nullopt, std::nullopt));
  CHECK(targets.has(kCost, "a/b", std::nullopt));
  CHECK(targets.has(kCost, "a/b", "v1"));
  CHECK(!targets.has(kCost, "b", std::nullopt));
  CHECK(!Benchmarks(configured(), true).has(kCost, std::nullopt, std::nullopt));
}

}  // namespace
}  // namespace vitals::insight
