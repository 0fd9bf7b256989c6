#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>
#include <vitals/query/errors.h>

#include "unit/query/stand.h"

using namespace vitals;
using namespace vitals::test;
using model::Tri;

namespace {

Event error(TimeMs time, const std::string& type, const std::string& prompt,
            const std::string& model = "m", Tri recovered = Tri::unknown) {
  static int made = 0;
  Event one;
  one.id = std::to_string(++made);
  one.time_ms = time;
  one.prompt = prompt;
  one.model = model;
  one.error_type = type;
  one.success = Tri::no;
  one.recovered = recovered;
  return one;
}

Event other(TimeMs time, Tri success, const std::string& type = "") {
  Event one = error(time, type, "a");
  one.success = success;
  return one;
}

query::ErrorsAnswer errors(const Stand& stand, const query::ErrorsRequest& request) {
  const auto answer = stand.engine->errors(request);
  INFO((answer ? "" : answer.error().message));
  REQUIRE(answer.ok());
  return *answer;
}

query::ErrorsRequest errors_of_last_hour(const std::vector<std::string>& texts = {}) {
  query::ErrorsRequest request;
  request.from_ms = kNow - kHourMs;
  request.to_ms = kNow;
  request.filters = filters(texts);
  return request;
}

std::vector<std::pair<std::string, std::uint64_t>> pairs(
    const std::vector<query::ErrorPlace>& places) {
  std::vector<std::pair<std::string, std::uint64_t>> all;
  for (const auto& place : places) all.emplace_back(place.label, place.count);
  return all;
}

TEST_CASE("errors are told by class, most first, with when and where they were met") {
  Stand stand;
  stand.append({error(kNow - 50, "timeout", "a", "m1", Tri::yes), other(kNow - 60, Tri::yes),
                error(kNow - 90, "timeout", "b", "m1", Tri::no),
                other(kNow - 5, Tri::unknown, "timeout"), other(kNow - 4, Tri::yes, "timeout")});
  stand.append({error(kNow - 70, "", "a", ""), error(kNow - 20, "timeout", "a", "m2"),
                error(kNow - kHourMs - 1, "timeout", "a"), error(kNow, "timeout", "a")});
  const query::ErrorsAnswer all = errors(stand, errors_of_last_hour());
  CHECK(all.from_ms == kNow - kHourMs);
  CHECK(all.to_ms == kNow);
  CHECK(all.executions == 7);
  CHECK(all.errors == 4);
  CHECK(all.classes_known == 2);
  REQUIRE(all.classes.size() == 2);
  const query::ErrorClass& timeout = all.classes[0];
  CHECK(timeout.type == "timeout");
  CHECK(timeout.counts.errors == 3);
  CHECK(timeout.counts.recovered == 1);
  CHECK(timeout.counts.recovered_known == 2);
  CHECK(timeout.counts.detected_known == 0);
  CHECK(timeout.first_ms == kNow - 90);
  CHECK(timeout.last_ms == kNow - 20);
  CHECK(pairs(timeout.prompts) ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"a", 2}, {"b", 1}});
  CHECK(pairs(timeout.models) ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"m1", 2}, {"m2", 1}});
  CHECK(all.classes[1].type.empty());
  CHECK(pairs(all.classes[1].models) ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"", 1}});

  const query::ErrorsAnswer of_b = errors(stand, errors_of_last_hour({"prompt:b"}));
  CHECK(of_b.executions == 1);
  CHECK(of_b.errors == 1);
  const query::ErrorsAnswer none = errors(stand, errors_of_last_hour({"prompt:c"}));
  CHECK(none.executions == 0);
  CHECK(none.classes.empty());
}

TEST_CASE("few classes and few places are told of many") {
  Stand stand;
  std::vector<Event> events;
  for (int type = 0; type < 5; ++type) {
    for (int i = 0; i <= type; ++i) {
      events.push_back(error(kNow - 9, "t" + std::to_string(type), "p" + std::to_string(i)));
    }
  }
  stand.append(events);
  query::ErrorsRequest request = errors_of_last_hour();
  request.classes_max = 2;
  request.places_max = 1;
  const query::ErrorsAnswer all = errors(stand, request);
  REQUIRE(all.classes.size() == 2);
  CHECK(all.classes[0].type == "t4");
  CHECK(all.classes[1].type == "t3");
  CHECK(all.classes_known == 5);
  CHECK(all.errors == 15);
  REQUIRE(all.classes[0].prompts.size() == 1);
  CHECK(all.classes[0].prompts[0].label == "p0");
}

TEST_CASE("several threads tell what one does, which is what a plain count tells") {
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](int end) { return static_cast<int>(random() % unsigned(end)); };
  StandOptions options;
  options.threads = GENERATE(std::size_t{1}, std::size_t{3});
  Stand stand(options);
  std::map<std::string, std::uint64_t> counts;
  std::map<std::string, std::pair<TimeMs, TimeMs>> seen;
  std::uint64_t executions = 0;
  for (int block = 0; block < 20; ++block) {
    std::vector<Event> events;
    for (int i = below(40); i >= 0; --i) {
      Event one = error(kNow - below(2 * int(kHourMs)), "t" + std::to_string(below(6)),
                        "p" + std::to_string(below(3)));
      if (below(3) == 0) one.success = Tri::yes;
      events.push_back(one);
      if (one.time_ms < kNow - kHourMs || one.time_ms >= kNow) continue;
      ++executions;
      if (one.success == Tri::yes) continue;
      if (++counts[one.error_type] == 1) seen[one.error_type] = {one.time_ms, one.time_ms};
      auto& [first, last] = seen[one.error_type];
      first = std::min(first, one.time_ms);
      last = std::max(last, one.time_ms);
    }
    stand.append(events);
  }
  const query::ErrorsAnswer all = errors(stand, errors_of_last_hour());
  CHECK(all.executions == executions);
  REQUIRE(all.classes.size() == counts.size());
  for (const query::ErrorClass& one : all.classes) {
    INFO(one.type);
    CHECK(one.counts.errors == counts[one.type]);
    CHECK(one.first_ms == seen[one.type].first);
    CHECK(one.last_ms == seen[one.type].second);
  }
}

TEST_CASE("what cannot be told about errors is refused") {
  StandOptions options;
  options.raw_retention_ms = kDayMs;
  options.query.points_max = 4;
  Stand stand(options);
  const auto refused = [&stand](const query::ErrorsRequest& request) {
    const auto answer = stand.engine->errors(request);
    REQUIRE_FALSE(answer.ok());
    return answer.error();
  };
  query::ErrorsRequest request = errors_of_last_hour();
  request.from_ms = kNow - 3 * kDayMs;
  CHECK(refused(request).code == Errc::unprocessable);
  CHECK(refused(request).message.find("the oldest time that can be answered is") !=
        std::string::npos);
  request.from_ms = request.to_ms;
  CHECK(refused(request).message == "the range is empty: from is not before to");
  request = errors_of_last_hour();
  request.filters.emplace_back().field = "nothing";
  CHECK(refused(request).message == "unknown field 'nothing'");

  stand.append({error(kNow - 9, "t1", "a"), error(kNow - 8, "t1", "b")});
  CHECK(errors(stand, errors_of_last_hour()).errors == 2);
  stand.append({error(kNow - 9, "t2", "a")});
  CHECK(refused(errors_of_last_hour()).code == Errc::unprocessable);
  CHECK(errors(stand, errors_of_last_hour({"prompt:b"})).errors == 1);
}

}  // namespace
