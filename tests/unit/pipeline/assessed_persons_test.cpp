// People are taken out of what evaluators said of their executions; what was said counts on.
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include <vitals/model/assessment.h>
#include <vitals/model/signal.h>

#include "rocks_house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

const std::string kTheirJudge = "november-the-judge-to-go";
const std::string kOtherJudge = "oscar-the-judge-who-stays";
const std::vector<std::string> kGone{kUser, kSession, kTag, kId, kTheirJudge};

model::Signal by(const std::string& evaluator, const std::string& execution, double clarity) {
  return {model::RowKind::assessment, execution, evaluator, 1, {{model::Number::clarity, clarity}}};
}

/// Whoever has said something, by what the rows of the log hold.
std::set<std::string> evaluators(const House& house) {
  std::set<std::string> found;
  events::ScanRequest request;
  request.columns = model::ColumnSet::all();
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&](const events::Block& block, const auto& rows) {
    for (const std::uint32_t row : rows) {
      for (const auto& one : model::assessments_at(block.rows, row)) {
        if (!one.evaluator.empty()) found.insert(one.evaluator);  // else the runner's own
      }
    }
    return Status();
  }));
  return found;
}

/// How many qualities each resolution has, and what they add up to.
std::map<std::string, std::pair<std::uint64_t, double>> qualities(House& house) {
  REQUIRE(house.maintenance->complete_cells());
  metrics::Needs needs;
  needs.add_moments(metrics::Measure::response_quality);
  std::map<std::string, std::pair<std::uint64_t, double>> found;
  const series::CellView view(*house.rollups, house.store.snapshot());
  for (const series::Resolution resolution : series::kResolutions) {
    auto& [count, sum] = found[std::string(to_string(resolution))];
    REQUIRE(view.visit(resolution, 0, house.now() + 2 * kDayMs, needs, {},
                       [&count = count, &sum = sum](series::SeriesId, TimeMs, const auto& cell) {
                         const auto* moments = cell.moments(metrics::Measure::response_quality);
                         count += moments->count;
                         sum += moments->total();
                       }));
  }
  return found;
}

/// Executions that their runner has scored and some that it has not; of either kind one of the
/// user's and one of somebody else's are assessed, twice.
void fill(House& house) {
  model::ExecutionBatch scored = traffic(0, house.now());
  scored.numbers[model::index(model::Number::clarity)].assign(scored.rows(), 4);
  house.post(std::move(scored));
  house.post(traffic(1, house.now()));
  for (const char* const number : {"-0", "-1"}) {
    for (const double clarity : {8.0, 6.0}) {
      const std::string execution = number + std::string(clarity > 7 ? "-0" : "-1");
      const std::string id = (clarity > 7 ? kId : "id") + execution;
      const std::string& judge = clarity > 7 ? kTheirJudge : kOtherJudge;
      CHECK(house.said({by(judge, id, clarity)}).accepted == 1);
      CHECK(house.said({by(judge + "-2", id, clarity)}).accepted == 1);
    }
  }
  while (house.maintenance->step() == 0) continue;
  REQUIRE(house.maintenance->fold_all());
  REQUIRE(house.stale_days().empty());
  REQUIRE(evaluators(house).size() == 4);
  REQUIRE(qualities(house)["1d"].first == 12 + 2);
}

}  // namespace

TEST_CASE("what evaluators said of an erased user's executions is nobody's, and counts on") {
  RocksHouse rocks;
  fill(rocks.house);
  const auto counted = qualities(rocks.house);
  const RocksHouse::Cells before = rocks.cells();
  rocks.crash();
  CHECK_FALSE(rocks.in_files(kGone).empty());  // but for what is compressed

  const auto proof = rocks.house.maintenance->erase_users({kUser});
  REQUIRE(proof);
  CHECK(proof->executions == 2 * 3);
  CHECK(proof->signals == 1);
  CHECK(proof->files_gone);
  CHECK(evaluators(rocks.house) == std::set<std::string>{kOtherJudge, kOtherJudge + "-2"});
  CHECK(rocks.in_log().empty());
  CHECK(rocks.in_files(kGone).empty());
  CHECK(qualities(rocks.house) == counted);
  CHECK(rocks.cells().totals == before.totals);
}

TEST_CASE("what evaluators said goes with personal retention, and counts on") {
  Options options;
  options.personal_retention_ms = 2 * kDayMs;
  RocksHouse rocks(options);
  fill(rocks.house);
  const auto counted = qualities(rocks.house);
  const RocksHouse::Cells before = rocks.cells();
  for (int hour = 0; hour < 3 * 24; ++hour) {
    rocks.house.clock.advance(3'600'000);
    while (rocks.house.maintenance->step() == 0) continue;
  }
  CHECK(evaluators(rocks.house).empty());
  CHECK(rocks.in_log().empty());
  CHECK(rocks.in_files(kGone).empty());
  CHECK(rocks.in_files({kOtherJudge}).empty());
  CHECK(qualities(rocks.house) == counted);
  const RocksHouse::Cells after = rocks.cells();
  CHECK(after.totals == before.totals);
  CHECK(after.users == before.users);
}
