#include <vector>

#include <catch2/catch.hpp>

#include <vitals/analytics/verdict.h>

namespace vitals::analytics {
namespace {

using Bounds = Estimate::Bounds;

constexpr Benchmark kAtLeast95{95, true};
constexpr Benchmark kAtMost30{30, false};

TEST_CASE("the interval must be on one side of the benchmark") {
  const auto [low, high, verdict, doubt] = GENERATE(table<double, double, Verdict, Doubt>({
      {96, 99, Verdict::pass, Doubt::none},
      {95, 99, Verdict::pass, Doubt::none},  // the bound itself is met
      {94.9, 99, Verdict::insufficient_data, Doubt::too_close},
      {90, 95, Verdict::insufficient_data, Doubt::too_close},
      {90, 94.9, Verdict::fail, Doubt::none},
  }));
  CAPTURE(low, high);
  const Judgement found = judge({(low + high) / 2, 100, Bounds{low, high}}, kAtLeast95, 30);
  CHECK(found.verdict == verdict);
  CHECK(found.doubt == doubt);
  CHECK(*found.margin == Approx((low + high) / 2 - 95));
}

TEST_CASE("where less is better, the upper end is the worse one") {
  const Judgement quick = judge({20.0, 100, Bounds{15, 29}}, kAtMost30, 30);
  CHECK(quick.verdict == Verdict::pass);
  CHECK(quick.margin == 10);
  const Judgement unsure = judge({29.0, 100, Bounds{25, 33}}, kAtMost30, 30);
  CHECK(unsure.verdict == Verdict::insufficient_data);
  CHECK(unsure.doubt == Doubt::too_close);
  const Judgement slow = judge({40.0, 100, Bounds{35, 45}}, kAtMost30, 30);
  CHECK(slow.verdict == Verdict::fail);
  CHECK(slow.margin == -10);
}

TEST_CASE("too little is not judged, and says so") {
  CHECK(judge({std::nullopt, 100, std::nullopt}, kAtLeast95, 1).doubt == Doubt::no_data);
  CHECK(judge({99.0, 29, Bounds{98, 100}}, kAtLeast95, 30).doubt == Doubt::too_few);
  CHECK(judge({50.0, 29, Bounds{48, 52}}, kAtLeast95, 30).verdict == Verdict::insufficient_data);
  CHECK(judge({99.0, 30, Bounds{98, 100}}, kAtLeast95, 30).verdict == Verdict::pass);
  const Judgement alone = judge({99.0, 1, std::nullopt}, kAtLeast95, 1);
  CHECK(alone.doubt == Doubt::too_few);
  CHECK(*alone.margin == Approx(4));
}

TEST_CASE("all must pass, and one failure is enough") {
  constexpr auto pass = Verdict::pass;
  constexpr auto fail = Verdict::fail;
  constexpr auto unknown = Verdict::insufficient_data;
  CHECK(verdict_of_all(std::vector{pass, pass}) == pass);
  CHECK(verdict_of_all(std::vector{pass, unknown}) == unknown);
  CHECK(verdict_of_all(std::vector{pass, unknown, fail}) == fail);
  CHECK(verdict_of_all({}) == unknown);
}

}  // namespace
}  // namespace vitals::analytics
