#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/metrics/cell.h>

#include "executions.h"

using namespace vitals::metrics;
using namespace vitals::metrics::test;

namespace {

constexpr Measure kDuration = measure_of(Number::duration_ms);
constexpr Measure kRating = measure_of(Number::rating);

Execution random_execution(std::mt19937_64& random) {
  const auto chance = [&random](unsigned percent) { return random() % 100 < percent; };
  const auto tri = [&random] { return static_cast<Tri>(random() % 3); };
  Execution execution{.outcome = {tri(), tri(), tri(), tri()}};
  if (chance(90)) {
    execution.numbers.emplace_back(Number::duration_ms, static_cast<double>(random() % 60'000));
  }
  if (chance(50)) execution.numbers.emplace_back(Number::clarity, random() % 11);
  if (chance(10)) execution.numbers.emplace_back(Number::rating, 1 + random() % 5);
  if (chance(80)) execution.labels.emplace_back(Label::user, "u" + std::to_string(random() % 500));
  if (chance(80)) execution.labels.emplace_back(Label::session, "s" + std::to_string(random()));
  if (chance(50)) {
    execution.labels.emplace_back(Label::error_type, "E" + std::to_string(random() % 90));
  }
  return execution;
}

std::vector<Execution> random_executions(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Execution> executions(count);
  std::generate(executions.begin(), executions.end(), [&] { return random_execution(random); });
  return executions;
}

Cell merged(Cell left, const Cell& right) {
  left.merge(right);
  return left;
}

void check_same(const Cell& a, const Cell& b) {
  REQUIRE(a.needs() == b.needs());
  CHECK(a.counts == b.counts);
  CHECK(a.error_types() == b.error_types());
  CHECK((a.users() == nullptr ? b.users() == nullptr : *a.users() == *b.users()));
  CHECK((a.sessions() == nullptr ? b.sessions() == nullptr : *a.sessions() == *b.sessions()));
  for (std::size_t i = 0; i < kMeasureCount; ++i) {
    const auto measure = static_cast<Measure>(i);
    CAPTURE(i);
    if (const auto* moments = a.moments(measure)) {
      CHECK(moments->count == b.moments(measure)->count);
      CHECK(moments->total() == Approx(b.moments(measure)->total()).epsilon(1e-12));
      CHECK(moments->m2 == Approx(b.moments(measure)->m2).epsilon(1e-9));
      CHECK(moments->min == b.moments(measure)->min);
      CHECK(moments->max == b.moments(measure)->max);
    }
    if (const auto* sketch = a.sketch(measure)) CHECK(*sketch == *b.sketch(measure));
  }
}

}  // namespace

TEST_CASE("counts follow the outcome, known answers only") {
  const Cell cell = cell_of({
      succeeded(),
      {.outcome = {}},
      {.outcome = {Tri::no, Tri::yes, Tri::yes, Tri::yes}},  // recovered: degraded is not asked
      {.outcome = {Tri::no, Tri::no, Tri::no, Tri::yes}},
      {.outcome = {Tri::no, Tri::unknown, Tri::unknown, Tri::no}},
      {.outcome = {Tri::yes, Tri::yes, Tri::yes, Tri::yes}},  // no error: not asked at all
  });
  CHECK(cell.counts.executions == 6);
  CHECK(cell.counts.successes == 2);
  CHECK(cell.counts.errors == 3);
  CHECK(cell.counts.detected == 1);
  CHECK(cell.counts.detected_known == 2);
  CHECK(cell.counts.recovered == 1);
  CHECK(cell.counts.recovered_known == 2);
  CHECK(cell.counts.degraded == 1);
  CHECK(cell.counts.degraded_known == 2);
}

TEST_CASE("a cell adds only the rows it is given, and only values that are there") {
  const ExecutionBatch batch = batch_of(
      {succeeded({{Number::duration_ms, 10}}), failed({{Number::duration_ms, 20}}), succeeded()});
  Cell cell(Needs::everything());
  const MeasuredBatch measured(batch, {});
  const std::vector<std::uint32_t> rows{1, 2};
  cell.add(measured, rows);
  CHECK(cell.counts.executions == 2);
  CHECK(cell.counts.errors == 1);
  CHECK(cell.moments(kDuration)->count == 1);
  CHECK(cell.moments(kDuration)->total() == 20);
  CHECK(cell.sketch(kDuration)->values() == std::vector<double>{20});
  CHECK(cell.moments(kRating)->count == 0);
  cell.add(measured, {});
  CHECK(cell.counts.executions == 2);
}

TEST_CASE("a cell carries what its needs say and nothing more") {
  Needs needs;
  needs.add_moments(kDuration);
  needs.add_sketch(kRating);
  const Cell cell = cell_of(random_executions(1, 50), needs);
  REQUIRE(cell.moments(kDuration) != nullptr);
  CHECK(cell.moments(kDuration)->count > 0);
  CHECK(cell.moments(kRating) == nullptr);
  REQUIRE(cell.sketch(kRating) != nullptr);
  CHECK(cell.sketch(kDuration) == nullptr);
  CHECK(cell.users() == nullptr);
  CHECK(cell.sessions() == nullptr);
  CHECK(cell.error_types().empty());
  CHECK(cell.counts.executions == 50);
}

TEST_CASE("users and sessions are counted once each") {
  const auto by = [](const std::string& user, const std::string& session) {
    return Execution{.labels = {{Label::user, user}, {Label::session, session}}};
  };
  const Cell cell = cell_of({by("ann", "1"), by("ann", "2"), by("bob", "3"), by("ann", "1"), {}});
  CHECK(cell.users()->estimate() == 2);
  CHECK(cell.sessions()->estimate() == 3);
}

TEST_CASE("merging cells is adding all rows, in any order") {
  const auto seed = GENERATE(1U, 2U, 3U);
  const auto size = GENERATE(4U, 60U, 900U);
  CAPTURE(seed, size);
  const std::vector<Execution> executions = random_executions(seed, 3 * size);
  const auto n = static_cast<std::ptrdiff_t>(size);
  const Cell a = cell_of({executions.begin(), executions.begin() + n});
  const Cell b = cell_of({executions.begin() + n, executions.begin() + 2 * n});
  const Cell c = cell_of({executions.begin() + 2 * n, executions.end()});
  const Cell all = cell_of(executions);
  check_same(merged(merged(a, b), c), all);
  check_same(merged(a, merged(b, c)), all);
  check_same(merged(c, merged(b, a)), all);
  check_same(merged(Cell(), a), a);
  check_same(merged(a, Cell()), a);
  check_same(merged(Cell(Needs::everything()), a), a);
}

TEST_CASE("of two cells with different parts the union knows what both know") {
  Needs thin;
  thin.add_moments(kDuration);
  Needs other = thin;
  other.add_moments(kRating);
  other.add_sketch(kDuration);
  other.users = true;
  const std::vector<Execution> some = random_executions(5, 100);
  const std::vector<Execution> more = random_executions(6, 100);
  std::vector<Execution> both = some;
  both.insert(both.end(), more.begin(), more.end());
  check_same(merged(cell_of(some, other), cell_of(more, thin)), cell_of(both, thin));
  check_same(merged(cell_of(some, thin), cell_of(more, other)), cell_of(both, thin));
}

TEST_CASE("error types are counted for errors only, the first 64 by name") {
  std::vector<Execution> executions;
  for (int i = 99; i >= 0; --i) {
    Execution execution = failed();
    execution.labels.emplace_back(Label::error_type, "e" + std::to_string(100 + i));
    executions.push_back(execution);
    executions.push_back(execution);
  }
  Execution fine = succeeded();
  fine.labels.emplace_back(Label::error_type, "a");
  executions.push_back(fine);
  executions.push_back(failed());

  const Cell cell = cell_of(executions);
  const auto& types = cell.error_types();
  REQUIRE(types.size() == Cell::kErrorTypesMax + 1);
  CHECK(std::is_sorted(types.begin(), types.end()));
  CHECK(types.front() == std::pair<std::string, std::uint64_t>("__other__", 72));
  CHECK(types[1] == std::pair<std::string, std::uint64_t>("e100", 2));
  CHECK(types.back() == std::pair<std::string, std::uint64_t>("e163", 2));

  std::mt19937_64 random(9);
  std::shuffle(executions.begin(), executions.end(), random);
  const Cell half = cell_of({executions.begin(), executions.begin() + 100});
  const Cell rest = cell_of({executions.begin() + 100, executions.end()});
  CHECK(merged(half, rest).error_types() == types);
  CHECK(merged(rest, half).error_types() == types);
}

TEST_CASE("needs merge into what serves both") {
  Needs quantile, mean;
  quantile.add_sketch(kDuration);
  mean.add_moments(kRating);
  mean.users = true;
  Needs both = quantile;
  both.merge(mean);
  CHECK(both.covers(quantile));
  CHECK(both.covers(mean));
  CHECK_FALSE(quantile.covers(both));
  CHECK(Needs::everything().covers(both));
  CHECK(both.covers(Needs{}));
}

TEST_CASE("columns are those that the needs read") {
  Needs needs;
  CHECK(columns_for(needs).outcome);
  CHECK(columns_for(needs).numbers == 0);
  CHECK(columns_for(needs).labels == 0);
  needs.add_sketch(Measure::satisfaction);
  needs.sessions = true;
  const vitals::model::ColumnSet columns = columns_for(needs);
  CHECK(columns.has(Number::rating));
  CHECK(columns.has(Number::sentiment));
  CHECK_FALSE(columns.has(Number::duration_ms));
  CHECK(columns.has(Label::session));
  CHECK_FALSE(columns.has(Label::user));
  CHECK(columns_for(Needs::everything()).has(Label::error_type));
  CHECK_FALSE(columns_for(Needs::everything()).ids);
}
