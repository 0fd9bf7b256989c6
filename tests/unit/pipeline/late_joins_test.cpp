// What was said of executions after they ended: joined, waiting, given up, and told once.
#include <functional>
#include <map>
#include <utility>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/events/log_view.h>
#include <vitals/model/signal.h>
#include <vitals/series/cell_view.h>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

model::Signal rated(const std::string& execution, const std::string& id, double rating) {
  return {model::RowKind::feedback, execution, id, 1, {{model::Number::rating, rating}}};
}

/// Rows of feedback in the log, as "prompt time rating".
std::vector<std::string> feedback_in_log(const House& house) {
  std::vector<std::string> found;
  events::ScanRequest request;
  request.columns = model::ColumnSet::all();
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&](const events::Block& block, std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) {
      if (block.rows.is_execution(row)) continue;
      found.push_back(
          std::string(block.rows[model::Label::prompt].at(row)) + " " +
          std::to_string(block.rows.time_ms[row]) + " " +
          std::to_string(static_cast<int>(block.rows.number(model::Number::rating, row))));
    }
    return Status();
  }));
  return found;
}

std::string row_of(const std::string& prompt, TimeMs time, int rating) {
  return prompt + " " + std::to_string(time) + " " + std::to_string(rating);
}

std::uint64_t ratings_in_cells(House& house, series::Resolution resolution, TimeMs from,
                               TimeMs to) {
  REQUIRE(house.maintenance->complete_cells());
  metrics::Needs needs;
  needs.add_moments(metrics::Measure::satisfaction);
  std::uint64_t count = 0;
  const series::CellView view(*house.rollups, house.store.snapshot());
  REQUIRE(view.visit(resolution, from, to, needs, {},
                     [&](series::SeriesId, TimeMs, const metrics::Cell& cell) {
                       count += cell.moments(metrics::Measure::satisfaction)->count;
                     }));
  return count;
}

}  // namespace

TEST_CASE("late feedback counts where its execution does, and is no execution") {
  House house;
  const TimeMs ended = house.now();
  house.post(executions("a", 0, 3, ended));
  house.clock.advance(5 * kHourMs);
  house.post(executions("a", 3, 1, house.now()));

  const auto outcome =
      house.said({rated("a-1", "f", 2), rated("a-2", "f", 4), rated("a-1", "g", 5)});
  CHECK(outcome.accepted == 3);
  CHECK(outcome.waiting == 0);
  CHECK(feedback_in_log(house) ==
        std::vector{row_of("a", ended, 2), row_of("a", ended, 4), row_of("a", ended, 5)});
  CHECK(house.log->stats().signals == 3);
  for (const series::Resolution resolution :
       {series::Resolution::minute, series::Resolution::hour}) {
    CHECK(ratings_in_cells(house, resolution, ended - kHourMs, ended + kHourMs) == 3);
    CHECK(ratings_in_cells(house, resolution, ended + kHourMs, ended + 6 * kHourMs) == 0);
  }
  house.require_everywhere(4);

  // Known by execution and id; the same id about another execution is other feedback.
  const auto again = house.said({rated("a-1", "f", 2), rated("a-0", "f", 1)});
  CHECK(again.accepted == 1);
  CHECK(again.duplicates == 1);
  house.restart();
  CHECK(house.said({rated("a-0", "f", 1)}).duplicates == 1);
  CHECK(house.log->stats().signals == 4);
}

TEST_CASE("feedback that is there before its execution waits for it, over a restart") {
  House house;
  house.post(executions("b", 0, 1, house.now()));
  const auto outcome =
      house.said({rated("a-0", "f", 2), rated("a-0", "f", 2), rated("b-0", "f", 3)});
  CHECK(outcome.accepted == 2);
  CHECK(outcome.duplicates == 1);
  CHECK(outcome.waiting == 1);
  CHECK(house.said({rated("a-0", "f", 2)}).duplicates == 1);
  CHECK(feedback_in_log(house) == std::vector{row_of("b", house.now(), 3)});

  house.restart();
  CHECK(house.said({rated("a-0", "f", 2)}).duplicates == 1);
  const TimeMs ended = house.now();
  house.post(executions("a", 0, 1, ended));
  for (int step = 0; step < 3; ++step) house.spine->step();
  CHECK(feedback_in_log(house) == std::vector{row_of("b", ended, 3), row_of("a", ended, 2)});
  // It waits no more.
  house.clock.advance(25 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  CHECK(house.log->stats().signals == 2);
}

TEST_CASE("feedback and an interaction may have one id") {
  House house;
  house.post(executions("a", 0, 1, house.now()));
  model::Signal copy{model::RowKind::interaction, "a-0", "f", house.now()};
  copy.action = "copy";
  copy.session = "s";
  CHECK(house.said({rated("a-0", "f", 2), copy}).accepted == 2);
  CHECK(house.said({rated("a-0", "f", 2), copy}).duplicates == 2);
  CHECK(house.log->stats().signals == 2);
  // Waiting, too.
  copy.execution_id = "later";
  CHECK(house.said({rated("later", "f", 2), copy}).waiting == 2);
  CHECK(house.said({rated("later", "f", 2), copy}).duplicates == 2);
}

TEST_CASE("feedback whose execution never comes counts by itself after a day") {
  House house;
  const TimeMs came = house.now();
  CHECK(house.said({rated("nobody", "f", 2)}).waiting == 1);
  house.clock.advance(23 * kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  CHECK(house.log->stats().signals == 0);
  house.clock.advance(kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  CHECK(feedback_in_log(house) == std::vector{row_of("", came, 2)});
  house.clock.advance(kHourMs);
  for (int step = 0; step < 3; ++step) house.turn();
  CHECK(house.log->stats().signals == 1);
}

TEST_CASE("an execution whose id is not remembered any more is found in the log") {
  events::Options log_options;
  log_options.dedup_age_ms = kHourMs;
  House house({}, log_options);
  const TimeMs ended = house.now();
  house.post(executions("a", 0, 2, ended));
  house.clock.advance(48 * kHourMs);
  house.restart();
  CHECK(house.said({rated("a-1", "f", 2)}).waiting == 1);
  for (int step = 0; step < 5; ++step) house.turn();
  CHECK(feedback_in_log(house) == std::vector{row_of("a", ended, 2)});
}

TEST_CASE("what stands before an execution in its block does not move it") {
  events::Options log_options;
  log_options.dedup_age_ms = kHourMs;
  House house({}, log_options);
  const TimeMs ended = house.now();
  for (int i = 0; i < 4; ++i) {
    model::Signal copy{model::RowKind::interaction, "", std::to_string(i), house.now()};
    copy.action = "copy";
    copy.session = "s";
    CHECK(house.said({copy}).accepted == 1);
    house.post(executions("p" + std::to_string(i), 0, 1, ended + i));
  }
  while (*house.log->merge_small_blocks() > 0) continue;
  REQUIRE(house.log->stats().blocks == 1);
  house.clock.advance(48 * kHourMs);
  house.restart();
  CHECK(house.said({rated("p2-0", "f", 2)}).waiting == 1);
  for (int step = 0; step < 5; ++step) house.turn();
  CHECK(feedback_in_log(house) == std::vector{row_of("p2", ended + 2, 2)});
}

TEST_CASE("a user who is erased while feedback looks for the execution is in no row of it") {
  House house;
  std::vector<std::function<void()>> elsewhere;
  house.run_elsewhere = [&elsewhere](std::function<void()> work) {
    elsewhere.push_back(std::move(work));
    return true;
  };
  house.restart();
  auto batch = executions("a", 0, 1, house.now());
  batch[model::Label::user].codes = {batch[model::Label::user].dictionary.intern("ann")};
  house.post(std::move(batch));

  std::optional<Result<SignalsOutcome>> told;
  REQUIRE(house.spine->submit({rated("a-0", "f", 2)},
                              [&told](const Result<SignalsOutcome>& outcome) { told = outcome; }));
  house.spine->step();
  REQUIRE(elsewhere.size() == 1);
  elsewhere.front()();  // it has read of ann …
  REQUIRE(house.maintenance->erase_users({"ann"}));
  for (int step = 0; step < 3; ++step) {
    house.spine->step();  // … and must look again
    if (elsewhere.size() == 2) std::exchange(elsewhere[1], [] {})();
  }
  REQUIRE(told);
  CHECK((*told)->waiting == 1);
  const events::LogView view(*house.log, house.store.snapshot());
  events::ScanRequest everything;
  everything.columns = model::ColumnSet::all();
  REQUIRE(
      view.visit(everything, [](const events::Block& block, std::span<const std::uint32_t> rows) {
        for (const std::uint32_t row : rows) {
          CHECK(block.rows[model::Label::user].at(row).empty());
        }
        return Status();
      }));
}

TEST_CASE("feedback that cannot be stored is not acknowledged, and can be sent again") {
  House house;
  house.post(executions("a", 0, 1, house.now()));
  house.store.fill_after(0);
  CHECK_FALSE(house.say({rated("a-0", "f", 2)}));
  CHECK_FALSE(house.say({rated("nobody", "f", 2)}));
  house.store.make_room();
  CHECK(house.said({rated("a-0", "f", 2), rated("nobody", "f", 2)}).accepted == 2);
  CHECK(house.log->stats().signals == 1);
}

TEST_CASE("no more feedback waits than there is room for") {
  Options options;
  options.signals_waiting_max = 2;
  House house(options);
  house.post(executions("a", 0, 1, house.now()));
  CHECK(house.said({rated("x", "1", 2), rated("x", "2", 2)}).waiting == 2);
  // Its neighbours are taken.
  const SignalsOutcome mixed = house.said({rated("x", "3", 2), rated("a-0", "1", 2)});
  CHECK(mixed.accepted == 1);
  CHECK(mixed.refused == 1);
  CHECK_FALSE(mixed.why.empty());
  const auto refused = house.say({rated("x", "3", 2)});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::unavailable);
}

TEST_CASE("feedback has its own comment, whether it waits or not, and never its execution's") {
  House house;
  model::ExecutionBatch batch = executions("a", 0, 1, house.now());
  batch.attributes.codes = {
      batch.attributes.pairs.intern(std::string("tags.x\0y", 8)),
      batch.attributes.pairs.intern(std::string("comment\0of the execution", 24))};
  batch.attributes.ends = {2};
  house.post(std::move(batch));
  model::Signal commented = rated("a-0", "1", 2);
  commented.comment = "of the feedback";
  model::Signal waiting = rated("b-0", "1", 3);
  waiting.comment = "that waited";
  CHECK(house.said({commented, rated("a-0", "2", 4), waiting}).waiting == 1);
  house.post(executions("b", 0, 1, house.now()));
  for (int step = 0; step < 5; ++step) house.spine->step();
  std::map<int, std::string> comments;
  events::ScanRequest request;
  request.columns = model::ColumnSet::all();
  const events::LogView view(*house.log, house.store.snapshot());
  REQUIRE(view.visit(request, [&](const events::Block& block, std::span<const std::uint32_t> rows) {
    for (const std::uint32_t row : rows) {
      if (block.rows.is_execution(row)) continue;
      const int rating = static_cast<int>(block.rows.number(model::Number::rating, row));
      comments[rating] = block.rows.attributes.value(row, model::kCommentKey);
      if (rating != 3) CHECK(block.rows.attributes.value(row, "tags.x") == "y");
    }
    return Status();
  }));
  CHECK(comments ==
        std::map<int, std::string>{{2, "of the feedback"}, {3, "that waited"}, {4, ""}});
}

TEST_CASE("no more comments wait than there is room for, and their room comes back") {
  Options options;
  options.comments_waiting_bytes_max = 100;
  House house(options);
  model::Signal commented = rated("x-0", "1", 2);
  commented.comment = std::string(60, 'c');
  CHECK(house.said({commented}).waiting == 1);
  commented.id = "2";
  const SignalsOutcome mixed = house.said({commented, rated("x-0", "3", 2)});
  CHECK(mixed.refused == 1);
  CHECK(mixed.waiting == 1);
  house.post(executions("x", 0, 1, house.now()));
  for (int step = 0; step < 5; ++step) house.spine->step();
  commented.execution_id = "y-0";
  CHECK(house.said({commented}).waiting == 1);
}
