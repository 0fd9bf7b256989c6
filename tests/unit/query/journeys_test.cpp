#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/query/journeys.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;
using model::Tri;

namespace {

Event executed(TimeMs time, const std::string& session, const std::string& prompt,
               bool failed = false) {
  static int made = 0;
  Event one;
  one.id = "x" + std::to_string(++made);
  one.time_ms = time;
  one.session = session;
  one.prompt = prompt;
  one.success = failed ? Tri::no : Tri::yes;
  return one;
}

Event failed(TimeMs time, const std::string& session, const std::string& prompt) {
  return executed(time, session, prompt, true);
}

/// Without `about`: about the last execution before it.
Event acted(TimeMs time, const std::string& session, const std::string& action,
            const std::string& about = "") {
  Event one = executed(time, session, "");
  one.success = Tri::unknown;
  one.action = action;
  one.about = about;
  return one;
}

query::JourneysRequest last_hours(int hours = 3) {
  query::JourneysRequest request;
  request.from_ms = kNow - hours * kHourMs;
  request.to_ms = kNow;
  return request;
}

query::Journeys followed(const std::vector<Event>& events,
                         const query::JourneysRequest& request = last_hours()) {
  Stand stand;
  stand.append(events);
  const auto journeys = stand.engine->journeys(request);
  INFO((journeys ? "" : journeys.error().message));
  REQUIRE(journeys.ok());
  return *journeys;
}

/// Retries, repeats, abandonments.
using Counts = std::vector<std::uint64_t>;
Counts signs(const query::Trail& trail) {
  return {trail.signs.retry, trail.signs.repeat, trail.signs.abandon};
}

/// So long ago that every session is over.
constexpr TimeMs kThen = kNow - 2 * kHourMs;

}  // namespace

TEST_CASE("the same prompt again is a retry after a failure, and a repeat after a success") {
  const query::Journeys seen =
      followed({failed(kThen, "a", "ask"), executed(kThen + 1000, "a", "ask"),
                executed(kThen + 2000, "a", "ask"), executed(kThen + 3000, "a", "other"),
                executed(kThen + 4000, "a", "ask")});
  CHECK(signs(seen.all) == Counts{1, 2, 0});
  CHECK(seen.all.troubled == 1);  // the failure, once
  REQUIRE(seen.steps.size() == 2);
  CHECK(seen.steps[0].prompt == "ask");
  CHECK(signs(seen.steps[0].trail) == Counts{1, 2, 0});
  CHECK(signs(seen.steps[1].trail) == Counts{0, 0, 0});
}

TEST_CASE("a retry comes within its time, in the same session, and after the failure") {
  Event late = executed(kThen + 5 * kMinuteMs + 1, "a", "ask");
  SECTION("as late as may be") {
    late.time_ms -= 1;
    CHECK(signs(followed({failed(kThen, "a", "ask"), late}).all) == Counts{1, 0, 0});
  }
  SECTION("later") {
    CHECK(signs(followed({failed(kThen, "a", "ask"), late}).all) == Counts{0, 0, 0});
    query::JourneysRequest request = last_hours();
    request.retry_within_ms = kHourMs;
    CHECK(signs(followed({failed(kThen, "a", "ask"), late}, request).all) == Counts{1, 0, 0});
  }
  SECTION("later, but begun in time") {
    late.duration_ms = 1;
    CHECK(signs(followed({failed(kThen, "a", "ask"), late}).all) == Counts{1, 0, 0});
  }
  SECTION("in another session, or of another prompt") {
    CHECK(signs(followed({failed(kThen, "a", "ask"), executed(kThen + 1, "b", "ask"),
                          executed(kThen + 2, "a", "other")})
                    .all) == Counts{0, 0, 0});
  }
  SECTION("what ran beside the failure is none") {
    Event beside = executed(kThen + 1000, "a", "ask");
    beside.duration_ms = 1001;
    CHECK(signs(followed({failed(kThen, "a", "ask"), beside}).all) == Counts{0, 0, 0});
    beside.duration_ms = 1000;
    CHECK(signs(followed({failed(kThen, "a", "ask"), beside}).all) == Counts{1, 0, 0});
  }
  SECTION("at once with it, whatever their ids: neither a retry nor, as one succeeded, left") {
    for (int i = 0; i < 20; ++i) {
      const auto at_once = followed({failed(kThen, "a", "ask"), executed(kThen, "a", "ask")});
      CHECK(signs(at_once.all) == Counts{0, 0, 0});
    }
  }
  SECTION("a status that nobody tells is no failure, a duration beyond reason no harm") {
    Event silent = executed(kThen, "a", "ask");
    silent.success = Tri::unknown;
    CHECK(signs(followed({silent, executed(kThen + 1, "a", "ask")}).all) == Counts{0, 1, 0});
    Event endless = executed(kThen + 1, "a", "ask");
    endless.duration_ms = 1e300;
    CHECK(signs(followed({silent, endless}).all) == Counts{0, 0, 0});
  }
}

TEST_CASE("a session is over after its silence, and abandoned when its last execution failed") {
  const TimeMs over = kNow - 30 * kMinuteMs;
  SECTION("long enough ago") {
    const auto seen = followed({executed(over - 5, "a", "find"), failed(over, "a", "ask")});
    CHECK(signs(seen.all) == Counts{0, 0, 1});
    CHECK(seen.all.exits == 1);
    CHECK(seen.all.open == 0);
    CHECK(seen.all.troubled == 1);
  }
  SECTION("not yet") {
    const auto seen = followed({executed(over - 5, "a", "find"), failed(over + 1, "a", "ask")});
    CHECK(signs(seen.all) == Counts{0, 0, 0});
    CHECK(seen.all.exits == 0);
    CHECK(seen.all.open == 1);
    REQUIRE(seen.steps.size() == 2);
    for (const auto& step : seen.steps) CHECK(step.trail.open == 1);
  }
  SECTION("after a success it is only over") {
    const auto seen = followed({failed(over - 5, "a", "ask"), executed(over, "a", "find")});
    CHECK(signs(seen.all) == Counts{0, 0, 0});
    CHECK(seen.all.exits == 1);
  }
  SECTION("somebody who still does something has not left") {
    const auto seen = followed({failed(over - 5, "a", "ask"), acted(over, "a", "copy")});
    CHECK(signs(seen.all) == Counts{0, 0, 0});
    CHECK(seen.all.exits == 1);
    CHECK(followed({failed(over - 5, "a", "ask"), acted(over + 1, "a", "copy")}).all.open == 1);
  }
  SECTION("somebody who says so has left at once") {
    const auto seen = followed({failed(kNow - 5, "a", "ask"), acted(kNow - 4, "a", "abandon")});
    CHECK(signs(seen.all) == Counts{0, 0, 0});  // it was told
    CHECK(seen.all.exits == 1);
    CHECK(seen.all.troubled == 1);
  }
  SECTION("the end of the range counts where it is past, and now where it is not") {
    query::JourneysRequest request = last_hours();
    request.to_ms = over - kHourMs;
    const std::vector<Event> one{failed(over - kHourMs - 10, "a", "ask")};
    CHECK(followed(one, request).all.open == 1);
    request.silence_ms = 10;
    CHECK(signs(followed(one, request).all) == Counts{0, 0, 1});
    request = last_hours();
    request.to_ms = kNow + kDayMs;
    CHECK(followed({failed(over + 1, "a", "ask")}, request).all.open == 1);
  }
}

TEST_CASE("what was posted of an execution wins, and is not told twice") {
  const std::string action = GENERATE("retry", "regenerate", "follow_up", "abandon", "copy");
  CAPTURE(action);
  const bool tells = action != "copy";
  const bool named = GENERATE(false, true);
  CAPTURE(named);
  const Event first = failed(kThen, "a", "ask");
  const Event act = acted(kThen + 500, named ? "elsewhere" : "a", action, named ? first.id : "");
  const auto seen = followed({first, executed(kThen + 1000, "a", "ask"), act});
  CHECK(signs(seen.all) == Counts{tells ? 0U : 1U, 0, 0});
  CHECK(seen.all.actions == std::map<std::string, std::uint64_t>{{action, 1}});
  CHECK(seen.all.troubled == 1);
}

TEST_CASE("filters choose of which executions is told, sessions are followed whole") {
  std::vector<Event> events{failed(kThen, "a", "ask"), executed(kThen + 1, "a", "ask"),
                            failed(kThen + 2, "a", "find"), failed(kNow - 1, "b", "ask")};
  events[0].region = "eu";
  query::JourneysRequest request = last_hours();
  request.filters = filters({"tags.region:eu"});
  const auto of_eu = followed(events, request);
  CHECK(signs(of_eu.all) == Counts{1, 0, 0});  // though what followed is not of the region
  CHECK(of_eu.all.exits == 0);
  request.filters = filters({"prompt:find"});
  const auto of_find = followed(events, request);
  CHECK(signs(of_find.all) == Counts{0, 0, 1});
  CHECK(of_find.all.exits == 1);
  request.filters = filters({"prompt:ask"});
  const auto of_ask = followed(events, request);
  CHECK(signs(of_ask.all) == Counts{1, 0, 0});
  CHECK(of_ask.all.sessions == 2);
  CHECK(of_ask.all.open == 1);
  request.filters.clear();
  request.group_by = {"tags.region"};
  const auto all = followed(events, request);
  REQUIRE(all.segments.size() == 2);
  CHECK(all.segments[0].labels == std::vector<std::string>{""});  // the larger one
  CHECK(signs(all.segments[0].trail) == Counts{0, 0, 1});
  CHECK(all.segments[0].trail.open == 1);
  CHECK(signs(all.segments[1].trail) == Counts{1, 0, 0});
}

TEST_CASE("of many steps, segments and paths a few are told, and how many are left out") {
  std::vector<Event> events;
  for (int i = 0; i < 5; ++i) {
    const std::string name = "p" + std::to_string(i);
    events.push_back(executed(kThen + i, "a", name, i == 3));
    events.back().region = name;
  }
  query::JourneysRequest request = last_hours();
  request.group_by = {"tags.region"};
  request.limit = 2;
  const auto seen = followed(events, request);
  REQUIRE(seen.steps.size() == 2);
  CHECK(seen.steps[0].prompt == "p3");
  CHECK(seen.segments.size() == 2);
  CHECK(seen.paths.size() == 2);
  CHECK(seen.left_out.steps == 3);
  CHECK(seen.left_out.segments == 3);
  CHECK(seen.left_out.paths == 2);
  request.limit = 100;
  CHECK(followed(events, request).left_out.steps == 0);
}

TEST_CASE("what ran beside a failure is passed over, and what began after it is its retry") {
  Event failure = failed(kNow - 10'000, "a", "ask");
  Event beside = executed(kNow - 8'000, "a", "ask");
  beside.duration_ms = 5'000;
  Event again = executed(kNow - 1'000, "a", "ask");
  again.duration_ms = 8'500;
  CHECK(signs(followed({failure, beside, again}).all) == Counts{1, 0, 0});
}

TEST_CASE("random sessions tell what a plain reading of the definitions tells") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](int end) { return static_cast<int>(random() % unsigned(end)); };
  Stand stand;
  std::map<std::string, std::vector<Event>> sessions;
  for (int block = 0; block < 5; ++block) {
    std::vector<Event> events;
    for (int i = 0; i < 200; ++i) {
      // Each time once, so that the order is plain.
      const TimeMs time = kNow - 1 - (i * 5 + block) * 3600 - below(3600);
      const std::string session = "s" + std::to_string(below(300));
      Event one = executed(time, session, "p" + std::to_string(below(2)), below(2) == 0);
      one.duration_ms = below(2) == 0 ? model::kAbsent : below(100'000);
      if (below(5) == 0) one = acted(time, session, below(2) == 0 ? "retry" : "copy");
      events.push_back(one);
      sessions[session].push_back(one);
    }
    stand.append(events);
  }
  query::Trail expected;
  for (auto& [name, all] : sessions) {
    std::sort(all.begin(), all.end(), [](auto& a, auto& b) { return a.time_ms < b.time_ms; });
    const bool over = kNow - all.back().time_ms >= 30 * kMinuteMs;
    bool any = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!all[i].action.empty()) continue;
      any = true;
      bool told = false;
      for (std::size_t k = i + 1; k < all.size() && !all[k].action.empty(); ++k) {
        told = told || all[k].action == "retry";
      }
      if (told) continue;
      const bool fails = all[i].success == Tri::no;
      if (over && fails && i + 1 == all.size()) ++expected.signs.abandon;
      for (std::size_t k = i + 1; k < all.size(); ++k) {
        if (!all[k].action.empty() || all[k].prompt != all[i].prompt) continue;
        const double duration = all[k].duration_ms > 0 ? all[k].duration_ms : 0;
        const double after = static_cast<double>(all[k].time_ms - all[i].time_ms) - duration;
        if (after < 0) continue;
        if (after <= 5 * kMinuteMs) {
          ++(fails ? expected.signs.retry : expected.signs.repeat);
        }
        break;
      }
    }
    expected.sessions += any ? 1 : 0;
    expected.open += any && !over ? 1 : 0;
  }
  const auto seen = stand.engine->journeys(last_hours());
  REQUIRE(seen.ok());
  CHECK(signs(seen->all) == signs(expected));
  CHECK(seen->all.sessions == expected.sessions);
  CHECK(seen->all.open == expected.open);
  CHECK(seen->all.exits == expected.sessions - expected.open);
}
