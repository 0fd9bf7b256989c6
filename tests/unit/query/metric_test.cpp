#include <numeric>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/base/time_text.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;

namespace {

Event event(const std::string& id, TimeMs time, const std::string& prompt, double duration_ms) {
  Event one;
  one.id = id;
  one.time_ms = time;
  one.prompt = prompt;
  one.duration_ms = duration_ms;
  one.success = model::Tri::yes;
  return one;
}

/// Gives one snapshot from the time it was made, then those of the present.
class StaleStore final : public store::Store {
 public:
  explicit StaleStore(store::Store& inner) : inner_(inner), stale_(inner.snapshot()) {}
  Result<store::Table> table(std::string_view name) override { return inner_.table(name); }
  Status commit(const store::WriteBatch& batch, store::Sync sync) override {
    return inner_.commit(batch, sync);
  }
  std::shared_ptr<const store::Snapshot> snapshot() const override {
    return ++snapshots == 1 ? stale_ : inner_.snapshot();
  }
  Status drop(store::Table table, std::string_view begin, std::string_view end) override {
    return inner_.drop(table, begin, end);
  }
  Status checkpoint(const std::string& folder) override { return inner_.checkpoint(folder); }
  store::Usage usage() const override { return inner_.usage(); }
  const store::RecoveryReport& recovery() const override { return inner_.recovery(); }

  mutable int snapshots = 0;

 private:
  store::Store& inner_;
  std::shared_ptr<const store::Snapshot> stale_;
};

std::vector<Event> many(std::size_t count) {
  std::vector<Event> events;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(event("e" + std::to_string(i), kNow - 1 - static_cast<TimeMs>(i) * 1000,
                           "p" + std::to_string(i % 7), static_cast<double>(i)));
  }
  return events;
}

}  // namespace

TEST_CASE("a write is visible to the next read, folded or not") {
  Stand stand;
  const query::MetricRequest request = ask("executions", kNow - kHourMs, kNow);
  CHECK(stand.metric(request).groups.size() == 1);
  CHECK_FALSE(stand.metric(request).groups[0].value.has_value());
  for (int i = 1; i <= 5; ++i) {
    stand.append({event("e" + std::to_string(i), kNow - i, "a", 1)});
    CHECK(stand.metric(request).groups[0].value == i);
    if (i % 2 == 0) stand.fold();
    CHECK(stand.metric(request).groups[0].value == i);
  }
}

TEST_CASE("without groups there is one, with groups those that occur") {
  Stand stand;
  query::MetricRequest request = ask("duration_ms", kNow - kHourMs, kNow);
  query::MetricAnswer answer = stand.metric(request);
  REQUIRE(answer.groups.size() == 1);
  CHECK(answer.groups[0].labels.empty());
  CHECK_FALSE(answer.groups[0].value.has_value());
  CHECK(answer.groups[0].count == 0);
  CHECK(answer.stat == "mean");

  request.step_ms = 20 * kMinuteMs;
  answer = stand.metric(request);
  REQUIRE(answer.groups[0].points.size() == 3);
  CHECK(answer.groups[0].points[1].time_ms == kNow - 40 * kMinuteMs);
  CHECK_FALSE(answer.groups[0].points[1].value.has_value());

  request.group_by = {"prompt"};
  CHECK(stand.metric(request).groups.empty());
}

TEST_CASE("points at the edges are cut, and rates are of what is left") {
  Stand stand;
  stand.append({event("a", kNow - kHourMs + 1000, "p", 1), event("b", kNow - 1, "p", 1)});
  query::MetricRequest request = ask("throughput", kNow - kHourMs - 4000, kNow);
  request.step_ms = kHourMs;
  const query::MetricAnswer answer = stand.metric(request);
  REQUIRE(answer.groups[0].points.size() == 2);
  CHECK(answer.groups[0].points[0].time_ms == kNow - 2 * kHourMs);
  CHECK(answer.groups[0].points[0].count == 0);
  CHECK(answer.groups[0].points[1].value == Approx(2.0 / 3600));

  request.from_ms = kNow - kHourMs + 999;
  request.to_ms = kNow - kHourMs + 1999;
  CHECK(stand.metric(request).groups[0].points[0].value == Approx(1.0));
}

TEST_CASE("groups come in the order asked for, and a limit says that it cut") {
  Stand stand;
  stand.append({event("1", kNow - 1, "a", 30), event("2", kNow - 1, "b", 10),
                event("3", kNow - 1, "b", 30), event("4", kNow - 1, "c", model::kAbsent),
                event("5", kNow - 1, "d", 10), event("6", kNow - 1, "", 25)});
  query::MetricRequest request = ask("duration_ms", kNow - kHourMs, kNow);
  request.group_by = {"prompt"};
  const auto prompts = [&](query::Order order) {
    request.order = order;
    std::string all;
    for (const query::Group& group : stand.metric(request).groups) {
      all += group.labels[0].empty() ? "-" : group.labels[0];
    }
    return all;
  };
  CHECK(prompts(query::Order::labels) == "-abcd");
  CHECK(prompts(query::Order::value) == "db-ac");
  CHECK(prompts(query::Order::value_descending) == "a-bdc");
  CHECK(prompts(query::Order::count) == "c-adb");
  CHECK(prompts(query::Order::count_descending) == "b-adc");
  request.limit = 2;
  CHECK(prompts(query::Order::count_descending) == "b-");
  CHECK(stand.metric(request).truncated);
  request.limit = 5;
  CHECK_FALSE(stand.metric(request).truncated);
}

TEST_CASE("groups of people of few executions are told together, or not at all") {
  Stand stand;
  std::vector<Event> events;
  const auto add = [&events](const std::string& user, int count, const std::string& prompt) {
    for (int i = 0; i < count; ++i) {
      const auto id = std::to_string(events.size());
      events.push_back(event(id, kNow - 1 - static_cast<TimeMs>(events.size()), prompt,
                             static_cast<double>(events.size())));
      events.back().user = user;
    }
  };
  add("a", 6, "p");
  add("b", 4, "p");
  add("b", 1, "q");
  add("c", 2, "q");
  add("d", 1, "q");
  add("", 1, "p");
  stand.append(events);
  query::MetricRequest request = ask("executions", kNow - kHourMs, kNow);
  const auto told = [&] {
    std::string all;
    for (const query::Group& group : stand.metric(request).groups) {
      for (const std::string& label : group.labels) all += label.empty() ? "-" : label;
      all += group.value ? std::to_string(static_cast<int>(*group.value)) : "?";
      all += ' ';
    }
    return all;
  };
  request.group_by = {"user"};
  CHECK(told() == "-1 a6 b5 c2 d1 ");
  request.min_group = 5;
  CHECK(told() == "-1 a6 b5 other? ");
  CHECK(stand.metric(request).folded);
  request.min_group = 3;
  CHECK(told() == "-1 a6 b5 other3 ");
  request.limit = 1;
  request.order = query::Order::count_descending;
  CHECK(told() == "a6 other3 ");
  CHECK(stand.metric(request).truncated);
  request.limit.reset();
  request.group_by = {"user", "prompt"};
  CHECK(told() == "ap6 bp4 -p1 otherother4 ");

  request.group_by = {};
  request.filters = filters({"user:c"});
  CHECK(told() == "? ");
  request.filters = filters({"user:c|d"});
  CHECK(told() == "3 ");
  request.filters = filters({"user:nobody"});
  CHECK(told() == "? ");  // as of those who are too few
  request.filters = {};
  request.group_by = {"prompt"};
  request.order = query::Order::labels;
  request.min_group = 100;
  CHECK(told() == "p11 q4 ");
  CHECK_FALSE(stand.metric(request).folded);

  SECTION("an exact quantile is of all that are told together") {
    request = ask("duration_ms", kNow - kHourMs, kNow, "p50");
    request.group_by = {"user"};
    request.min_group = 3;
    const query::MetricAnswer answer = stand.metric(request);
    CHECK_FALSE(answer.estimated);
    CHECK(answer.groups.back().labels == std::vector<std::string>{"other"});
    CHECK(answer.groups.back().value == 12.0);
    CHECK(answer.groups.back().count == 3);
  }
}

TEST_CASE("malformed questions are refused") {
  Stand stand;
  query::MetricRequest request = ask("executions", kNow - kHourMs, kNow);
  SECTION("unknown metric") { request.metric = "nonsense"; }
  SECTION("stat of a defined metric") { request.stat_given = true; }
  SECTION("empty range") { request.to_ms = request.from_ms; }
  SECTION("a time that is none") { request.from_ms = std::numeric_limits<TimeMs>::min(); }
  SECTION("negative step") { request.step_ms = -1; }
  SECTION("unknown group") { request.group_by = {"colour"}; }
  SECTION("a group twice") { request.group_by = {"prompt", "prompt"}; }
  SECTION("unknown filter") { request.filters = {{"colour", false, {"red"}}}; }
  SECTION("no groups at all") { request.limit = 0; }
  SECTION("more groups than allowed") { request.limit = 100'001; }
  CHECK(stand.metric_error(request).code == Errc::invalid_argument);
}

TEST_CASE("an answer with too many points names the smallest step that fits") {
  Stand::Options options;
  options.query.points_max = 100;
  Stand stand(options);
  stand.append(many(70));  // 7 prompts
  query::MetricRequest request = ask("executions", kNow - kHourMs, kNow);
  request.step_ms = kMinuteMs;
  CHECK(stand.metric(request).groups[0].points.size() == 60);
  request.group_by = {"prompt"};
  const Error error = stand.metric_error(request);
  CHECK(error.code == Errc::unprocessable);
  const std::string named = error.message.substr(error.message.rfind(' ') + 1);
  const Result<DurationMs> step = parse_duration(named);
  REQUIRE(step.ok());
  request.step_ms = *step;
  CHECK(stand.metric(request).groups.size() == 7);
  request.step_ms = *step - 1000;
  CHECK(stand.metric_error(request).code == Errc::unprocessable);

  SECTION("groups that alone are too many") {
    options.query.points_max = 5;
    Stand small(options);
    small.append(many(70));
    request.step_ms = 0;
    CHECK(small.metric_error(request).code == Errc::unprocessable);
  }
}

TEST_CASE("quantiles from raw events are exact") {
  Stand stand;
  stand.append(many(2000));  // durations 0 … 1999
  stand.fold();
  query::MetricRequest request = ask("duration_ms", kNow - kDayMs, kNow, "p95");
  request.raw_only = true;
  query::MetricAnswer answer = stand.metric(request);
  CHECK(answer.resolution == "raw");
  CHECK(answer.groups[0].value == 1899);
  CHECK(answer.groups[0].count == 2000);
  CHECK_FALSE(answer.estimated);

  request.raw_only = false;
  answer = stand.metric(request);
  CHECK(answer.resolution == "1d");
  CHECK(answer.groups[0].value == Approx(1899).epsilon(0.01));
  CHECK(answer.groups[0].count == 2000);
  CHECK(answer.estimated);
  CHECK_FALSE(stand.metric(ask("duration_ms", kNow - kDayMs, kNow, "mean")).estimated);
}

TEST_CASE("quantiles of too many raw values are estimated, and the answer says so") {
  Stand::Options options;
  options.query.exact_values_max = 1999;
  Stand stand(options);
  stand.append(many(1999));
  query::MetricRequest request = ask("duration_ms", kNow - kDayMs, kNow, "p95");
  request.raw_only = true;
  CHECK_FALSE(stand.metric(request).estimated);
  stand.append({event("one more", kNow - 1, "p0", 1999)});
  const query::MetricAnswer answer = stand.metric(request);
  CHECK(answer.resolution == "raw");
  CHECK(answer.estimated);
  CHECK(answer.groups[0].value == Approx(1899).epsilon(0.01));
  CHECK(answer.groups[0].count == 2000);
}

TEST_CASE("a query that took its snapshot before minutes were completed looks again") {
  Stand::Options options;
  options.cell_retention_ms = {30 * kDayMs, events::kForever, events::kForever};
  Stand stand(options);  // raw outlives minutes: those are thin
  const std::vector<Event> events = many(100);
  stand.append(events);
  stand.fold();
  StaleStore stale(*stand.store);
  options.raw_retention_ms = 20 * kDayMs;
  stand.reopen(options);
  store::WriteBatch changes;
  stand.rollups->mark_dirty(changes, kNow - kDayMs, kNow - 1);
  REQUIRE(stand.store->commit(changes, store::Sync::yes).ok());
  const auto source = [&events](TimeMs, TimeMs, std::uint64_t, const auto& visit) -> Status {
    std::vector<std::uint32_t> rows(events.size());
    std::iota(rows.begin(), rows.end(), 0U);
    return visit(to_batch(events), rows);
  };
  REQUIRE(stand.rollups->rebuild_dirty(kNow - 2 * kDayMs, source).ok());

  const query::Engine engine(stale, *stand.log, *stand.rollups, stand.catalogue, stand.clock, {},
                             quiet_logger(), stand.telemetry);
  query::MetricRequest request = ask("duration_ms", kNow - kDayMs, kNow, "p95");
  request.resolution = series::Resolution::minute;
  const auto answer = engine.metric(request);
  REQUIRE(answer.ok());
  CHECK(answer->resolution == "1m");
  CHECK(answer->groups[0].count == 100);
  CHECK(stale.snapshots == 2);
}

TEST_CASE("a query that takes too long is given up") {
  store::Store* store = nullptr;
  Stand stand;
  store = stand.store.get();
  for (int i = 0; i < 20; ++i) {
    Event one = event("e" + std::to_string(i), kNow - 1, "p", 1);
    stand.append({one});
  }
  RunningClock clock;
  query::Options options;
  options.deadline_ms = 10;
  const query::Engine engine(*store, *stand.log, *stand.rollups, stand.catalogue, clock, options,
                             quiet_logger(), stand.telemetry);
  const auto answer = engine.metric(ask("executions", kNow - kHourMs, kNow));
  REQUIRE_FALSE(answer.ok());
  CHECK(answer.error().code == Errc::deadline_exceeded);
  CHECK(engine.executions({}).error().code == Errc::deadline_exceeded);
  CHECK(engine.label_values("user", 10).error().code == Errc::deadline_exceeded);
}

TEST_CASE("what only raw events hold is refused beyond their retention, the rest is not") {
  Stand::Options options;
  options.raw_retention_ms = 2 * kDayMs;
  options.cell_retention_ms = {2 * kDayMs, 30 * kDayMs, events::kForever};
  Stand stand(options);
  std::vector<Event> events = many(10);
  Event old = event("old", kNow - kDayMs + 30 * kMinuteMs, "p0", 77);
  old.region = "eu";
  events.push_back(old);
  stand.append(events);
  stand.fold();
  stand.clock.advance(4 * kDayMs);
  const TimeMs oldest = stand.clock.now_ms() - 2 * kDayMs;
  REQUIRE(stand.log->expire(stand.log->end()).ok());
  REQUIRE(stand.rollups->expire().ok());

  query::MetricRequest request = ask("executions", kNow - kDayMs, stand.clock.now_ms());
  CHECK(stand.metric(request).groups[0].value == 11);
  request.filters = filters({"tags.region:eu"});
  const Error error = stand.metric_error(request);
  CHECK(error.code == Errc::unprocessable);
  CHECK(error.message.find(format_rfc3339(oldest)) != std::string::npos);
  request.from_ms = oldest;
  CHECK(stand.metric(request).groups[0].count == 0);

  SECTION("a raw-only request is refused as well") {
    request = ask("executions", kNow - kDayMs, stand.clock.now_ms());
    request.raw_only = true;
    CHECK(stand.metric_error(request).code == Errc::unprocessable);
  }
  SECTION("edges within a cell are cut, and the answer says so") {
    request = ask("duration_ms", kNow - kDayMs + 1, kNow - 1);
    const query::MetricAnswer answer = stand.metric(request);
    CHECK(answer.from_ms == kNow - kDayMs + kHourMs);
    CHECK(answer.to_ms == kNow - kHourMs);
    CHECK(answer.resolution == "1h");
    CHECK(answer.groups[0].count == 0);
  }
}

TEST_CASE("after retention was raised, nothing is answered from what the shorter one dropped") {
  Stand::Options options;
  options.raw_retention_ms = kDayMs;
  options.cell_retention_ms = {2 * kHourMs, 30 * kDayMs, events::kForever};
  Stand stand(options);
  Event tagged = event("old", kNow - 23 * kHourMs, "p0", 77);
  tagged.region = "eu";
  stand.append({tagged});
  stand.append({event("new", kNow - 12 * kHourMs, "p0", 33)});
  stand.fold();
  stand.clock.advance(2 * kHourMs);
  REQUIRE(*stand.log->expire(stand.log->end()) == 1);
  REQUIRE(stand.rollups->expire().ok());
  options.raw_retention_ms = 30 * kDayMs;
  options.cell_retention_ms[0] = 30 * kDayMs;
  stand.reopen(options);

  SECTION("minutes that were never written are read raw") {
    const auto range = ask("executions", kNow - 12 * kHourMs, kNow - 12 * kHourMs + 30 * kMinuteMs);
    const query::MetricAnswer answer = stand.metric(range);
    CHECK(answer.resolution == "raw");
    CHECK(answer.groups[0].value == 1);
  }
  SECTION("raw events that were dropped are missed, not left out") {
    query::MetricRequest request = ask("executions", kNow - kDayMs, kNow);
    CHECK(stand.metric(request).groups[0].value == 2);
    request.filters = filters({"tags.region:eu"});
    CHECK(stand.metric_error(request).code == Errc::unprocessable);
    request.from_ms = kNow - 22 * kHourMs;
    CHECK(stand.metric(request).groups[0].count == 0);
  }
}

TEST_CASE("of one day, overflow cells and raw events beside them are not mixed up") {
  const TimeMs day = (kNow / kDayMs - 2) * kDayMs;
  Stand::Options options;
  options.raw_retention_ms = kNow - (day + 10 * kHourMs + 30 * kMinuteMs);
  options.series_max = 3;
  Stand stand(options);
  std::vector<Event> events;
  for (int i = 0; i < 14; ++i) {
    events.push_back(event("e" + std::to_string(i), day + (i < 7 ? 3 : 20) * kHourMs,
                           "p" + std::to_string(i % 7), 1));
  }
  stand.append(events);
  stand.fold();
  query::MetricRequest request = ask("executions", day + 2 * kHourMs, day + 2 * kDayMs);
  CHECK(stand.metric(request).groups[0].value == 14);
  request.filters = filters({"prompt:!p6"});
  CHECK(stand.metric(request).groups[0].value == 13);  // in the morning p6 is one of the others
  request.filters = {};
  request.group_by = {"prompt"};
  const query::MetricAnswer answer = stand.metric(request);
  REQUIRE(answer.groups.size() == 8);
  for (const query::Group& group : answer.groups) {
    if (group.labels[0] == "p6") CHECK(group.value == 1);
  }
}

TEST_CASE("events of the overflow series are told apart while raw events are kept") {
  Stand::Options options;
  options.raw_retention_ms = 2 * kDayMs;
  options.cell_retention_ms = {2 * kDayMs, events::kForever, events::kForever};
  options.series_max = 3;
  Stand stand(options);
  stand.append(many(700));
  stand.fold();
  query::MetricRequest request = ask("executions", kNow - kDayMs, kNow);
  CHECK(stand.metric(request).resolution == "1d");
  CHECK(stand.metric(request).groups[0].value == 700);

  request.group_by = {"prompt"};
  query::MetricAnswer answer = stand.metric(request);
  REQUIRE(answer.groups.size() == 7);
  for (const query::Group& group : answer.groups) CHECK(group.value == 100);

  request.group_by = {};
  request.filters = filters({"prompt:p6"});
  CHECK(stand.metric(request).groups[0].value == 100);

  // Afterwards they are a group of their own, and a filter that names others leaves them out.
  stand.clock.advance(4 * kDayMs);
  REQUIRE(stand.log->expire(stand.log->end()).ok());
  CHECK(stand.metric(request).groups[0].count == 0);
  request.filters = filters({"prompt:!p0"});
  CHECK(stand.metric(request).groups[0].value == 600);
  request.filters = {};
  request.group_by = {"version", "prompt"};
  answer = stand.metric(request);
  REQUIRE(answer.groups.size() >= 2);
  CHECK(answer.groups.back().labels == std::vector<std::string>{"__overflow__", "__overflow__"});
  std::uint64_t all = 0;
  for (const query::Group& group : answer.groups) all += group.count;
  CHECK(all == 700);
}
