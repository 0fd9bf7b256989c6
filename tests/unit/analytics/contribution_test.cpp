#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <vitals/analytics/contribution.h>

namespace vitals::analytics {
namespace {

Part part(const std::string& label, Tally before, Tally after) { return {label, before, after}; }

TEST_CASE("an average's change is cut exactly into mix and rate") {
  // Before 80·95 + 20·85 = 93 %, after 50·95 + 50·75 = 85 %.
  const std::vector<Part> parts{part("a", {80, 95}, {50, 95}), part("b", {20, 85}, {50, 75})};
  const auto found = effects(Composition::average, parts);
  REQUIRE(found.size() == 2);
  const Effect& b = found[0];
  CHECK(b.part.label == "b");
  CHECK(b.by_mix == Approx(0.3 * (80 - 93)));
  CHECK(b.by_rate == Approx(-10 * 0.35));
  CHECK(b.change == Approx(-7.4));
  CHECK(found[1].change == Approx(-0.6));
  CHECK(b.change + found[1].change == Approx(85.0 - 93.0));
  CHECK(b.share == Approx(7.4 / 8));
  CHECK(b.excess == Approx(7.4 / 8 - 0.2));
}

TEST_CASE("what only the mix has done has no rate effect") {
  const std::vector<Part> parts{part("fast", {50, 1}, {10, 1}), part("slow", {50, 3}, {90, 3})};
  for (const Effect& effect : effects(Composition::average, parts)) {
    CHECK(effect.by_rate == Approx(0).margin(1e-12));
    CHECK(effect.by_mix == Approx(0.4));
  }
}

TEST_CASE("a part that is new, or gone, is held against what all had before") {
  const std::vector<Part> parts{part("old", {100, 96}, {}), part("v8", {}, {50, 60}),
                                part("v7", {100, 94}, {50, 94})};
  // Before 95, after 77.
  double sum = 0;
  for (const Effect& effect : effects(Composition::average, parts)) {
    sum += effect.change;
    if (effect.part.label == "v8") CHECK(effect.change == Approx(0.5 * (60 - 95)));
    if (effect.part.label == "old") CHECK(effect.change == Approx(-0.5 * (96 - 95)));
  }
  CHECK(sum == Approx(-18));
}

TEST_CASE("a total's change is the sum of its parts' changes") {
  const std::vector<Part> parts{part("eu", {0, 60}, {0, 0}), part("us", {0, 40}, {0, 44})};
  const auto found = effects(Composition::total, parts);
  CHECK(found[0].part.label == "eu");
  CHECK(found[0].share == Approx(60.0 / 56));
  CHECK(found[0].excess == Approx(60.0 / 56 - 0.6));
}

TEST_CASE("what had its share of everything explains nothing") {
  const std::vector<Dimension> dimensions{
      {"environment", {part("production", {100, 95}, {100, 80})}},
      {"region", {part("eu", {50, 95}, {50, 80}), part("us", {50, 95}, {50, 80})}}};
  CHECK(explain(Composition::average, dimensions).empty());
  const std::vector<Dimension> halved{
      {"region", {part("eu", {0, 60}, {0, 30}), part("us", {0, 40}, {0, 20})}}};
  CHECK(explain(Composition::total, halved).empty());
  const std::vector<Dimension> still{{"region", {part("eu", {50, 95}, {50, 95})}}};
  CHECK(explain(Composition::average, still).empty());
}

TEST_CASE("a version that took all traffic and does worse is the cause") {
  const std::vector<Dimension> dimensions{
      {"environment", {part("production", {100, 95}, {100, 70})}},
      {"version", {part("v7", {100, 95}, {}), part("v8", {}, {100, 70})}}};
  const auto found = explain(Composition::average, dimensions);
  REQUIRE(found.size() == 1);
  CHECK(found[0].dimension == "version");
  REQUIRE(found[0].causes.size() == 1);
  CHECK(found[0].causes[0].part.label == "v8");
  CHECK(found[0].share == Approx(1));
}

TEST_CASE("of labels that explain equally well the first is named") {
  const std::vector<Part> parts{part("good", {60, 95}, {60, 95}), part("bad", {40, 95}, {40, 50})};
  const std::vector<Dimension> dimensions{{"version", parts}, {"model", parts}};
  const auto found = explain(Composition::average, dimensions);
  REQUIRE(found.size() == 2);
  CHECK(found[0].dimension == "version");
  CHECK(found[0].causes.at(0).part.label == "bad");
}

TEST_CASE("two causes are both named") {
  const std::vector<Dimension> dimensions{
      {"region",
       {part("eu", {25, 95}, {25, 75}), part("us", {25, 95}, {25, 75}),
        part("asia", {25, 95}, {25, 95}), part("africa", {25, 95}, {25, 95})}}};
  const auto found = explain(Composition::average, dimensions);
  REQUIRE(found.size() == 1);
  CHECK(found[0].causes.size() == 2);
  CHECK(found[0].share == Approx(1));
  CHECK(found[0].together.after.value == Approx(75));
  CHECK(found[0].others.after.value == Approx(95));
  CHECK(found[0].others.after.weight == Approx(50));
}

/// Executions with random labels, of which those with one value of one label fail more now.
struct Planted {
  std::vector<Dimension> dimensions;
  std::string dimension;
  std::string label;
};

Planted plant(std::mt19937& random) {
  const std::vector<std::pair<std::string, int>> names{
      {"version", 3}, {"model", 4}, {"provider", 2}, {"region", 8}};
  using Counts = std::map<std::string, std::pair<double, double>>;  // executions, successes
  std::vector<Counts> before(names.size()), after(names.size());
  const std::size_t bad_name = random() % names.size();
  const int bad_value = static_cast<int>(random() % static_cast<unsigned>(names[bad_name].second));
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int i = 0; i < 20'000; ++i) {
    const bool is_after = i % 4 == 0;
    std::vector<int> values;
    for (const auto& name : names) {
      values.push_back(static_cast<int>(random() % static_cast<unsigned>(name.second)));
    }
    const bool bad = is_after && values[bad_name] == bad_value;
    const bool success = uniform(random) < (bad ? 0.6 : 0.96);
    for (std::size_t n = 0; n < names.size(); ++n) {
      auto& counts = (is_after ? after : before)[n][std::to_string(values[n])];
      counts.first += 1;
      counts.second += success ? 1 : 0;
    }
  }
  Planted planted{{}, names[bad_name].first, std::to_string(bad_value)};
  for (std::size_t n = 0; n < names.size(); ++n) {
    Dimension dimension{names[n].first, {}};
    for (const auto& [label, was] : before[n]) {
      const auto is = after[n][label];
      dimension.parts.push_back(part(label, {was.first, 100 * was.second / was.first},
                                     {is.first, 100 * is.second / is.first}));
    }
    planted.dimensions.push_back(std::move(dimension));
  }
  return planted;
}

TEST_CASE("a planted cause is found among labels that have nothing to do with it") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 20; ++run) {
    const Planted planted = plant(random);
    const auto found = explain(Composition::average, planted.dimensions);
    REQUIRE_FALSE(found.empty());
    CHECK(found[0].dimension == planted.dimension);
    CHECK(found[0].causes.at(0).part.label == planted.label);
    CHECK(found[0].share > 0.8);
  }
}

}  // namespace
}  // namespace vitals::analytics
