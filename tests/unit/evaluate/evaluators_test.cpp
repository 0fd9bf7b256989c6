#include <algorithm>

#include <catch2/catch.hpp>

#include <vitals/base/clock.h>

#include "house.h"

namespace vitals::evaluate::test {
namespace {

TEST_CASE("an evaluator is asked about each execution, and what it says is handed in") {
  House house;
  house.start();
  house.judge.answer(200, R"({"clarity": 8, "overall": 6.5, "why": "short"})");
  house.add({"a", "b"}, "support/reply");
  house.run();
  REQUIRE(house.judge.requests().size() == 2);
  const net::Request request = house.judge.requests()[0];
  CHECK(request.method == "POST");
  CHECK(request.path == "/assess");
  CHECK(request.header("content-type") == "application/json");
  CHECK(request.body == R"({"evaluator":"judge","execution":{"id":"a","prompt":"support/reply"}})");
  REQUIRE(house.handed_in.size() == 2);
  const model::Signal& said = house.handed_in[0].assessment;
  CHECK(said == model::Signal{model::RowKind::assessment,
                              "a",
                              "judge",
                              house.clock.now_ms(),
                              {{model::Number::clarity, 8}, {model::Number::overall, 6.5}}});
  CHECK(house.count("accepted") == 2);
}

TEST_CASE("headers go with a request") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.headers = {{"authorization", "Bearer t"}};
  house.start({evaluator});
  house.add({"a"});
  house.run();
  REQUIRE(house.judge.requests().size() == 1);
  CHECK(house.judge.requests()[0].header("authorization") == "Bearer t");
}

TEST_CASE("only executions of the sample that satisfy the filters are asked about") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.sample = 0.3;
  evaluator.filters = {*model::parse_filter("prompt:search/*")};
  house.start({evaluator});
  Ids wanted;
  for (const std::string& id : ids("s", 100)) {
    if (is_sampled(id, 0.3)) wanted.push_back(id);
  }
  house.add(ids("x", 100), "support/reply");
  house.add(ids("s", 100), "search/rank");
  model::ExecutionBatch feedback = house.batch(ids("f", 100), "search/rank");
  feedback.kinds.assign(100, model::RowKind::feedback);
  house.add(std::move(feedback));
  house.run();
  Ids asked = house.judge.asked();
  std::sort(asked.begin(), asked.end());
  std::sort(wanted.begin(), wanted.end());
  CHECK(asked == wanted);
}

TEST_CASE("of the rows of one block, too, only those that satisfy the filters are asked about") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.filters = {*model::parse_filter("prompt:search/*")};
  house.start({evaluator});
  model::ExecutionBatch mixed = house.batch(ids("a", 4), "search/rank");
  model::SymbolColumn& prompts = mixed[model::Label::prompt];
  prompts.codes[0] = prompts.codes[2] = prompts.dictionary.intern("support/reply");
  house.add(std::move(mixed));
  house.run();
  Ids asked = house.judge.asked();
  std::sort(asked.begin(), asked.end());
  CHECK(asked == Ids{"a1", "a3"});
}

TEST_CASE("an answer without scores is an opinion withheld, a bad one is of no use") {
  House house;
  house.start();
  house.judge.answer(204);
  house.add({"a"});
  house.run_long();
  CHECK(house.count("no_opinion") == 1);
  std::uint64_t failed = 0;
  for (const auto& [status, body] :
       std::vector<std::pair<int, std::string>>{{200, ""},
                                                {200, "fine"},
                                                {200, "{}"},
                                                {200, R"({"clarity": 11})"},
                                                {200, R"({"clarity": "8"})"},
                                                {200, R"({"score": 8})"},
                                                {200, "[]"},
                                                {200, R"([{"overall": 1}, {"overall": 2}])"},
                                                {200, std::string(100'000, ' ')},
                                                {201, R"({"overall": 1})"},
                                                {301, ""},
                                                {400, ""},
                                                {401, ""},
                                                {404, ""}}) {
    CAPTURE(status, body.substr(0, 50));
    house.judge.answer(status, body);
    house.add({"bad-" + std::to_string(failed)});
    house.run_long();
    CHECK(house.count("failed") == ++failed);
    CHECK(house.judge.requests().size() == 1 + failed);
  }
  CHECK(house.handed_in.empty());
}

TEST_CASE("what may pass is tried again, and not for ever") {
  House house;
  const int status = GENERATE(408, 429, 500, 503);
  CAPTURE(status);
  house.start();
  house.judge.follow([status](std::size_t nth) {
    return nth < 3 ? net::Response{status, "text/plain", "", {}}
                   : net::Response{200, "application/json", R"({"overall": 3})", {}};
  });
  house.add({"a"});
  house.run();
  CHECK(house.judge.requests().size() == 1);  // the wait is not over
  house.run_long();
  CHECK(house.judge.requests().size() == 4);
  CHECK(house.assessed() == Ids{"a"});
  CHECK(house.count("accepted") == 1);

  house.judge.answer(status);
  house.add({"b"});
  house.run_long();
  CHECK(house.judge.requests().size() == 8);
  CHECK(house.count("failed") == 1);
}

TEST_CASE("an evaluator that is away or does not answer is tried again") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.timeout_ms = 100;
  evaluator.retries = 1;
  house.start({evaluator});
  house.judge.follow([](std::size_t nth) {
    return nth == 0 ? net::Response{0, "", "", {}}
                    : net::Response{200, "application/json", R"({"overall": 3})", {}};
  });
  house.add({"a"});
  house.run_long();
  CHECK(house.assessed() == Ids{"a"});

  house.judge.down();
  house.add({"b"});
  house.run();
  house.judge.up();
  house.run_long();
  CHECK(house.assessed() == Ids{"a", "b"});

  house.judge.down();
  house.add({"c"});
  house.run_long();
  CHECK(house.count("failed") == 1);
}

TEST_CASE("Retry-After holds for the evaluator as a whole") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.concurrency = 1;
  house.start({evaluator});
  house.judge.follow([](std::size_t nth) {
    return nth == 0 ? net::Response{429, "text/plain", "", {{"Retry-After", "300"}}}
                    : net::Response{200, "application/json", R"({"overall": 3})", {}};
  });
  house.add({"a", "b"});
  house.run();
  house.clock.advance(299'000);
  house.run();
  CHECK(house.judge.requests().size() == 1);
  house.clock.advance(1'001);
  house.run();
  CHECK(house.assessed().size() == 2);
}

TEST_CASE("what the budget of the hour does not allow is skipped, a restart notwithstanding") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.budget_per_hour = 10;
  house.clock.set(1'790'000'000'000 / kHourMs * kHourMs);
  house.start({evaluator});
  house.add(ids("a", 6));
  house.run();
  CHECK(house.count("accepted") == 6);
  house.start({evaluator});
  house.add(ids("b", 200));
  house.run_long();
  CHECK(house.judge.requests().size() == 10);
  CHECK(house.count("accepted") == 4);
  CHECK(house.count("over_budget") == 196);
  house.clock.set((house.clock.now_ms() / kHourMs + 1) * kHourMs);
  house.add(ids("c", 3));
  house.run();
  CHECK(house.judge.requests().size() == 13);
}

TEST_CASE("requests that are made again are paid from the budget, too") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.budget_per_hour = 3;
  house.clock.set(1'790'000'000'000 / kHourMs * kHourMs);
  house.start({evaluator});
  house.judge.answer(503);
  house.add({"a", "b"});
  house.run();
  house.clock.advance(100'000);
  house.run();
  CHECK(house.judge.requests().size() == 3);
  CHECK(house.count("over_budget") >= 1);
}

TEST_CASE("what arrived too long ago is not asked about") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.max_age_ms = 60'000;
  house.start({evaluator});
  house.add(ids("old", 5));
  house.clock.advance(60'001);
  house.add(ids("new", 5));
  house.run();
  CHECK(house.judge.requests().size() == 5);
  CHECK(house.count("too_late") == 5);
  CHECK(house.count("accepted") == 5);
}

TEST_CASE("no more requests are under way than allowed, and no more executions in memory") {
  House house;
  Evaluator evaluator = house.everything();
  evaluator.concurrency = 3;
  evaluator.budget_per_hour = 100'000;
  house.start({evaluator});
  house.judge.follow([](std::size_t) { return net::Response{0, "", "", {}}; });
  house.add(ids("a", 5'000));
  house.run_until_asked(3);
  for (int i = 0; i < 10; ++i) (void)house.evaluators->step();
  CHECK(house.calls->most() == 3);
  CHECK(house.shown <= 3 + 64);
  // Anew, as it would take until the time-out.
  house.judge.answer(204);
  house.start({evaluator});
  house.run();
  CHECK(house.count("no_opinion") == 5'000);
  CHECK(house.calls->most() == 3);
}

TEST_CASE("evaluators do not wait for one another") {
  House house;
  Judge other;
  other.answer(200, R"({"overall": 1})");
  Evaluator second = house.everything();
  second.name = "other";
  second.url = other.url();
  house.start({house.everything(), second});
  house.judge.follow([](std::size_t) { return net::Response{0, "", "", {}}; });
  house.add(ids("a", 20));
  while (house.handed_in.size() < 20) {
    if (house.evaluators->step() > 0) house.calls->wait(10);
  }
  CHECK(house.handed_in[0].assessment.id == "other");
}

TEST_CASE("how each evaluator does is told in the order of the configuration") {
  House house;
  Judge other;
  other.answer(204);
  Evaluator first = house.everything();
  first.concurrency = 2;
  Evaluator second = house.everything();
  second.name = "another";
  second.url = other.url();
  house.start({first, second});
  house.judge.follow([](std::size_t nth) {
    return nth == 0 ? net::Response{200, "application/json", R"({"overall": 3})", {}}
                    : net::Response{0, "", "", {}};
  });
  house.add(ids("a", 4));
  house.run_until_asked(3);  // one was answered, two never will be
  std::vector<Standing> all;
  do {
    if (house.evaluators->step() > 0) house.calls->wait(10);
    all = house.evaluators->standings();
  } while (all.at(0).accepted < 1 || all.at(1).no_opinion < 4);
  CHECK(all.size() == 2);
  CHECK(all[0].evaluator == "judge");
  CHECK(all[0].in_flight == 2);
  CHECK(all[0].failed + all[0].no_opinion + all[0].over_budget + all[0].too_late == 0);
  CHECK(all[1].evaluator == "another");
  CHECK(all[1].in_flight == 0);
}

}  // namespace
}  // namespace vitals::evaluate::test
