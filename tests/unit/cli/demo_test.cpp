#include <algorithm>
#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <vitals/base/clock.h>
#include <vitals/cli/cli.h>

#include "cli/traffic.h"
#include "recorded_client.h"

using namespace vitals;
using namespace vitals::cli;
using Json = nlohmann::json;
using vitals::test::CommandRig;

namespace {

constexpr TimeMs kNow = 1'790'000'000'000;

}  // namespace

TEST_CASE("the same seed gives the same traffic") {
  Traffic a(7, {kNow - 1'000, kNow});
  Traffic b(7, {kNow - 1'000, kNow});
  Traffic c(8, {kNow - 1'000, kNow});
  for (int i = 0; i < 100; ++i) {
    const std::string event = a.next(kNow - i);
    CHECK(event == b.next(kNow - i));
    CHECK(event != c.next(kNow - i));
  }
  CHECK(spread(1'000, 0, kDayMs, 7) == spread(1'000, 0, kDayMs, 7));
}

TEST_CASE("times are ascending, within the range, and follow the day") {
  const auto times = spread(100'000, kNow - kDayMs, kNow, 1);
  REQUIRE(times.size() == 100'000);
  CHECK(std::is_sorted(times.begin(), times.end()));
  CHECK(times.front() >= kNow - kDayMs);
  CHECK(times.back() < kNow);
  std::map<TimeMs, int> by_hour;
  for (const TimeMs time : times) ++by_hour[time % kDayMs / 3'600'000];
  CHECK(by_hour[14] > 2 * by_hour[2]);
  CHECK(spread(10, kNow - 5, kNow, 1).back() < kNow);
}

TEST_CASE("the bad release is worse in everything, and all is marked as synthetic") {
  Traffic traffic(1, {kNow, kNow + kDayMs});
  struct Sums {
    double executions = 0, successes = 0, duration = 0, clarity = 0, rating = 0, ratings = 0;
  };
  std::map<std::string, Sums> versions;
  for (int i = 0; i < 40'000; ++i) {
    const Json event = Json::parse(traffic.next(kNow + (i % 2 == 0 ? -1 : 1) * (i + 1)));
    REQUIRE(event["tags"]["synthetic"] == "true");
    if (event["prompt"] != Traffic::bad_prompt()) continue;
    Sums& sums = versions[event["version"]];
    sums.executions += 1;
    sums.successes += event["status"] == "success" ? 1 : 0;
    sums.duration += event["duration_ms"].get<double>();
    sums.clarity += event["quality"]["clarity"].get<double>();
    if (!event.contains("feedback")) continue;
    sums.rating += event["feedback"]["rating"].get<double>();
    sums.ratings += 1;
  }
  const Sums bad = versions[Traffic::bad_version()];
  const Sums good = versions["v7"];
  REQUIRE(bad.executions > 5'000);
  REQUIRE(good.executions > 5'000);
  CHECK(bad.successes / bad.executions < 0.85);
  CHECK(good.successes / good.executions > 0.95);
  CHECK(bad.duration / bad.executions > 2 * good.duration / good.executions);
  CHECK(bad.clarity / bad.executions < 7.5);
  CHECK(good.clarity / good.executions > 8.5);
  CHECK(bad.rating / bad.ratings < 3.8);
  CHECK(good.rating / good.ratings > 4.0);
}

TEST_CASE("the demo sends its history in batches and says what to look at") {
  CommandRig rig;
  rig.clock.set(kNow);
  rig.client.will_answer(200, R"({"accepted":10000,"duplicates":0,"rejected":0})");
  rig.client.will_answer(200, R"({"accepted":2000,"duplicates":0,"rejected":0})");
  DemoArguments arguments;
  arguments.events = 12'000;
  CHECK(run_demo(rig.session, arguments) == kDone);
  REQUIRE(rig.client.asked.size() == 2);
  std::ptrdiff_t lines = 0;
  for (const auto& request : rig.client.asked) {
    lines += std::count(request.body.begin(), request.body.end(), '\n');
  }
  CHECK(lines == 12'000);
  CHECK(rig.out.str().find("12,000 synthetic executions stored") == 0);
  CHECK(rig.out.str().find("vitalsctl alerts") != std::string::npos);
}

TEST_CASE("a rate gives the number of events; a refusal ends the demo") {
  CommandRig rig;
  rig.clock.set(kNow);
  rig.client.will_answer(200, R"({"accepted":5,"duplicates":0,"rejected":2,
                                  "errors":[{"line":1,"reason":"too old"}]})");
  DemoArguments arguments;
  arguments.rate = 2;
  arguments.duration_ms = 3'500;
  CHECK(run_demo(rig.session, arguments) == kFailed);
  const std::string& body = rig.client.asked.at(0).body;
  CHECK(std::count(body.begin(), body.end(), '\n') == 7);
  CHECK(rig.err.str().find("too old") != std::string::npos);
}
