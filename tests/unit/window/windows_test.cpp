#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/model/filter.h>
#include <vitals/window/windows.h>

#include "support/few_events.h"

namespace vitals::window {
namespace {

using test::batch_of;
using test::FewEvent;
using Strings = std::vector<std::string>;

constexpr TimeMs kNow = 1'790'000'000'000;  // a whole second

Spec minute_by_prompt() {
  Spec spec{{}, {"prompt"}, kMinuteMs, {}, true};
  spec.needs.add_moments(metrics::measure_of(model::Number::duration_ms));
  return spec;
}

std::map<std::string, std::uint64_t> counts(Windows& windows, WindowId id, TimeMs now) {
  std::map<std::string, std::uint64_t> found;
  windows.visit(id, now, [&found](const GroupView& group) {
    const auto prompt = group.labels.find("prompt");
    found[prompt == group.labels.end() ? "-" : prompt->second] = group.cell.counts.executions;
  });
  return found;
}

TEST_CASE("a window is open at its beginning and closed at now") {
  Windows windows({});
  const WindowId id = windows.add(minute_by_prompt());
  windows.apply(batch_of({{kNow, "at now"},
                          {kNow - kMinuteMs, "a window old"},
                          {kNow - kMinuteMs + 1, "just inside"},
                          {kNow - 30 * kMinuteMs, "backfill"}}),
                kNow);
  auto found = counts(windows, id, kNow);
  CHECK(found["at now"] == 1);
  CHECK(found["a window old"] == 0);
  CHECK(found["just inside"] == 1);
  CHECK(found["backfill"] == 0);

  found = counts(windows, id, kNow + 1'000);
  CHECK(found["at now"] == 1);
  CHECK(found["just inside"] == 0);
  found = counts(windows, id, kNow + kMinuteMs);
  CHECK(found["at now"] == 0);
}

TEST_CASE("an event ahead of now counts once now reaches it, and only once") {
  Windows windows({});
  const WindowId id = windows.add(minute_by_prompt());
  windows.apply(batch_of({{kNow + 5 * kMinuteMs, "p"}, {kNow + 11 * kMinuteMs, "too far"}}), kNow);
  CHECK(counts(windows, id, kNow) == std::map<std::string, std::uint64_t>{{"p", 0}});
  CHECK(counts(windows, id, kNow + 5 * kMinuteMs - 1'000)["p"] == 0);
  CHECK(counts(windows, id, kNow + 5 * kMinuteMs)["p"] == 1);
  CHECK(counts(windows, id, kNow + 6 * kMinuteMs - 1'000)["p"] == 1);
  CHECK(counts(windows, id, kNow + 6 * kMinuteMs)["p"] == 0);
  CHECK(counts(windows, id, kNow + 11 * kMinuteMs).count("too far") == 0);
}

TEST_CASE("groups are named by the labels they have, filtered, and visited in order") {
  Windows windows({});
  Spec spec = minute_by_prompt();
  spec.group_by = {"prompt", "model"};
  spec.filters = {*model::parse_filter("status:error")};
  const WindowId id = windows.add(spec);
  using model::Tri;
  windows.apply(batch_of({{kNow, "b", Tri::no, {}, "m"},
                          {kNow, "a", Tri::no, {}, "m"},
                          {kNow, "a", Tri::no},
                          {kNow, "", Tri::no},
                          {kNow, "a", Tri::yes, {}, "unseen"},
                          {kNow, "a", Tri::no, {}, "m"}}),
                kNow);
  std::vector<std::pair<std::map<std::string, std::string>, std::uint64_t>> seen;
  windows.visit(id, kNow, [&seen](const GroupView& group) {
    seen.emplace_back(group.labels, group.cell.counts.executions);
  });
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].first.empty());
  CHECK(seen[1] ==
        std::pair(std::map<std::string, std::string>{{"prompt", "a"}}, std::uint64_t{1}));
  CHECK(seen[2].first == std::map<std::string, std::string>{{"model", "m"}, {"prompt", "a"}});
  CHECK(seen[2].second == 2);
  CHECK(seen[3].first == std::map<std::string, std::string>{{"model", "m"}, {"prompt", "b"}});
}

TEST_CASE("windows over the same executions are one, with the needs of both") {
  Windows windows({});
  Spec spec = minute_by_prompt();
  const WindowId id = windows.add(spec);
  spec.needs = {};
  spec.needs.add_sketch(metrics::measure_of(model::Number::cost_usd));
  CHECK(windows.add(spec) == id);
  spec.window_ms = 5 * kMinuteMs;
  CHECK(windows.add(spec) != id);

  windows.apply(batch_of({{kNow,
                           "p",
                           model::Tri::yes,
                           {{model::Number::duration_ms, 40}, {model::Number::cost_usd, 2}}}}),
                kNow);
  windows.visit(id, kNow, [](const GroupView& group) {
    REQUIRE(group.cell.moments(metrics::measure_of(model::Number::duration_ms)) != nullptr);
    CHECK(group.cell.moments(metrics::measure_of(model::Number::duration_ms))->total() == 40);
    REQUIRE(group.cell.sketch(metrics::measure_of(model::Number::cost_usd)) != nullptr);
    CHECK(group.cell.sketch(metrics::measure_of(model::Number::cost_usd))->count() == 1);
  });
}

TEST_CASE("a silent group is remembered for its last event where a window asks for it") {
  Windows windows({}, 10 * kMinuteMs);
  const WindowId remembering = windows.add(minute_by_prompt());
  Spec forgetful = minute_by_prompt();
  forgetful.window_ms = 2 * kMinuteMs;
  forgetful.remember = false;
  const WindowId forgetting = windows.add(forgetful);
  windows.apply(batch_of({{kNow - 5 * kMinuteMs, "late"}, {kNow, "p"}}), kNow);
  windows.apply(batch_of({{kNow + kMinuteMs, "ahead"}}), kNow);

  std::map<std::string, TimeMs> last;
  const auto note = [&last](const GroupView& group) {
    last[group.labels.at("prompt")] = group.last_event_ms;
  };
  windows.visit(remembering, kNow, note);
  CHECK(last == std::map<std::string, TimeMs>{
                    {"ahead", kNow}, {"late", kNow - 5 * kMinuteMs}, {"p", kNow}});
  windows.visit(remembering, kNow + 5 * kMinuteMs, note);
  CHECK(counts(windows, remembering, kNow + 5 * kMinuteMs).size() == 2);  // "late" is 10 min old
  CHECK(counts(windows, remembering, kNow + 10 * kMinuteMs).empty());

  CHECK(counts(windows, forgetting, kNow + kMinuteMs).size() == 2);
  CHECK(counts(windows, forgetting, kNow + 3 * kMinuteMs).empty());
}

TEST_CASE("beyond groups_max new groups are refused until old ones are forgotten") {
  int refused = 0;
  Windows windows({}, kMinuteMs, 2, [&refused](const Spec& spec) {
    CHECK(spec.group_by == Strings{"prompt"});
    ++refused;
  });
  const WindowId id = windows.add(minute_by_prompt());
  windows.apply(batch_of({{kNow, "a"}, {kNow, "b"}, {kNow, "c"}, {kNow, "a"}}), kNow);
  CHECK(counts(windows, id, kNow) == std::map<std::string, std::uint64_t>{{"a", 2}, {"b", 1}});
  CHECK(refused == 1);

  const TimeMs later = kNow + 2 * kMinuteMs;
  windows.apply(batch_of({{later, "c"}}), later);
  CHECK(counts(windows, id, later) == std::map<std::string, std::uint64_t>{{"c", 1}});
  CHECK(refused == 1);
}

TEST_CASE("windows share groups_max, and each may have its first group") {
  int refused = 0;
  Windows windows({}, kMinuteMs, 3, [&refused](const Spec&) { ++refused; });
  const WindowId by_prompt = windows.add(minute_by_prompt());
  Spec by_model = minute_by_prompt();
  by_model.group_by = {"model"};
  windows.add(by_model);
  Spec all = minute_by_prompt();
  all.group_by = {};
  const WindowId ungrouped = windows.add(all);
  windows.apply(batch_of({{kNow, "a", model::Tri::yes, {}, "m"},
                          {kNow, "b", model::Tri::yes, {}, "n"},
                          {kNow, "c", model::Tri::yes, {}, "o"}}),
                kNow);
  CHECK(counts(windows, by_prompt, kNow).size() == 3);
  CHECK(refused == 2);  // models n and o
  CHECK(counts(windows, ungrouped, kNow) == std::map<std::string, std::uint64_t>{{"-", 3}});

  // Groups that one window forgets are another's.
  const TimeMs later = kNow + 2 * kMinuteMs;
  CHECK(counts(windows, by_prompt, later).empty());
  windows.apply(batch_of({{later, "a", model::Tri::yes, {}, "n"}}), later);
  CHECK(refused == 2);
}

TEST_CASE("windows say what a restart must replay: as far back as they remember, what they read") {
  Windows windows({}, 10 * kMinuteMs);
  CHECK(windows.replay_ms() == 0);
  Spec spec{{}, {}, 3 * kMinuteMs, {}, false};
  windows.add(spec);
  CHECK(windows.replay_ms() == 3 * kMinuteMs);
  CHECK(windows.replay_columns().labels == 0);
  CHECK(windows.replay_columns().numbers == 0);

  spec = {{*model::parse_filter("tags.region:eu")}, {"model"}, kMinuteMs, {}, true};
  spec.needs.add_sketch(metrics::measure_of(model::Number::cost_usd));
  windows.add(spec);
  CHECK(windows.replay_ms() == 10 * kMinuteMs);
  model::ColumnSet columns;
  columns.outcome = columns.attributes = true;
  columns.add(model::Label::model);
  columns.add(model::Number::cost_usd);
  CHECK(windows.replay_columns().labels == columns.labels);
  CHECK(windows.replay_columns().numbers == columns.numbers);
  CHECK(windows.replay_columns().attributes);
  CHECK(windows.replay_columns().outcome);
  CHECK_FALSE(windows.replay_columns().ids);

  spec.window_ms = 20 * kMinuteMs;
  windows.add(spec);
  CHECK(windows.replay_ms() == 20 * kMinuteMs);
}

TEST_CASE("a host clock that jumps ahead and back leaves a working window") {
  Windows windows({});
  const WindowId id = windows.add(minute_by_prompt());
  windows.apply(batch_of({{kNow, "p"}}), kNow);
  const TimeMs astray = kNow + 365 * 1440 * kMinuteMs;
  windows.apply(batch_of({{astray, "p"}}), astray);
  CHECK(counts(windows, id, astray)["p"] == 1);

  windows.apply(batch_of({{kNow + 1'000, "p"}, {kNow + 20'000, "p"}}), kNow + 1'000);
  CHECK(counts(windows, id, kNow + 1'000)["p"] == 1);
  windows.visit(id, kNow + 1'000,
                [](const GroupView& group) { CHECK(group.last_event_ms == kNow + 1'000); });
  CHECK(counts(windows, id, kNow + 20'000)["p"] == 2);
  CHECK(counts(windows, id, kNow + 61'000)["p"] == 1);
}

}  // namespace
}  // namespace vitals::window
