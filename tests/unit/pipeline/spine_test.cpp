#include <future>
#include <thread>

#include <catch2/catch.hpp>

#include "house.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

TEST_CASE("writers that queued together share one commit, and each is told once of its own") {
  House house;
  Writer first, second, again;
  REQUIRE(house.spine->submit(executions("a", 0, 3, house.now()), first.done()));
  REQUIRE(house.spine->submit(executions("b", 0, 2, house.now()), second.done()));
  REQUIRE(house.spine->submit(executions("a", 1, 4, house.now()), again.done()));
  CHECK(first.times() == 0);
  const auto commits = house.store.commits();

  house.spine->step();
  CHECK(house.store.commits() == commits + 1);
  CHECK(first.accepted() == 3);
  CHECK(second.accepted() == 2);
  CHECK(again.accepted() == 2);
  CHECK(again.duplicates() == 2);
  CHECK(house.log->stats().events == 7);

  house.turn();
  for (const Writer* writer : {&first, &second, &again}) CHECK(writer->times() == 1);
}

TEST_CASE("more than one block's worth is written over several steps, in order") {
  House house;
  Writer writers[3];
  for (int i = 0; i < 3; ++i) {
    auto batch = executions("a", 10'000 * i, 10'000, house.now());
    REQUIRE(house.spine->submit(std::move(batch), writers[i].done()));
  }
  house.spine->step();
  CHECK(writers[0].accepted() == 10'000);
  CHECK(writers[2].times() == 0);
  house.spine->step();
  house.spine->step();
  CHECK(writers[1].accepted() == 10'000);
  CHECK(writers[2].accepted() == 10'000);
}

TEST_CASE("the intake is bounded by bytes; who is refused is never told") {
  const TimeMs now = vitals::test::ManualClock().now_ms();
  Options options;
  options.queue_bytes_max = 2 * executions("a", 10, 10, now).memory_bytes();
  House house(options);
  Writer first, second, refused, later;
  REQUIRE(house.spine->submit(executions("a", 10, 10, now), first.done()));
  REQUIRE(house.spine->submit(executions("a", 20, 10, now), second.done()));
  CHECK_FALSE(house.spine->submit(executions("a", 30, 10, now), refused.done()));

  house.spine->step();
  CHECK(first.accepted() + second.accepted() == 20);
  CHECK(refused.times() == 0);
  CHECK(house.log->stats().events == 20);

  // There is room again; what is larger than the whole queue must only find it empty.
  REQUIRE(house.spine->submit(executions("a", 30, 100, now), later.done()));
  CHECK_FALSE(house.spine->submit(executions("a", 200, 1, now), refused.done()));
  house.spine->step();
  CHECK(later.accepted() == 100);
}

TEST_CASE("what the store refuses is told as refused, seen by no rule, and may come again") {
  House house;
  REQUIRE(house.spine->load_rules({success_rule()}));
  house.turn();
  house.store.fill();
  CHECK(house.spine->storing());
  const auto failures = [&] {
    std::string text;
    house.telemetry->write_prometheus(text);
    return text.find("vitals_commit_failures_total 1\n") != std::string::npos;
  };
  CHECK_FALSE(failures());

  Writer refused[2];
  for (Writer& writer : refused) {
    auto batch = executions("a", 0, 20, house.now(), model::Tri::no);
    REQUIRE(house.spine->submit(std::move(batch), writer.done()));
  }
  house.spine->step();
  for (const Writer& writer : refused) {
    REQUIRE_FALSE(writer.answer());
    CHECK(writer.answer().error().code == Errc::resource_exhausted);
  }
  CHECK(failures());
  CHECK_FALSE(house.spine->storing());
  CHECK(house.log->stats().events == 0);
  house.turn();
  CHECK_FALSE(house.spine->storing());

  // Readiness comes back although nobody dares to write, and then the rules have seen nothing.
  house.store.make_room();
  house.turn();
  CHECK(house.spine->storing());
  CHECK(house.open_alerts().empty());

  house.post(executions("a", 0, 20, house.now(), model::Tri::no));
  house.turn();
  CHECK(house.open_alerts().size() == 1);
}

TEST_CASE("a write that succeeds says at once that events are stored again") {
  House house;
  house.turn();
  house.store.fill();
  Writer refused;
  REQUIRE(house.spine->submit(executions("a", 0, 1, house.now()), refused.done()));
  house.spine->step();
  REQUIRE_FALSE(house.spine->storing());
  house.store.make_room();
  house.post(executions("a", 0, 1, house.now()));
  CHECK(house.spine->storing());
}

TEST_CASE("a close takes no more and answers everything that was taken") {
  House house;
  constexpr int kWriters = 50;
  Writer writers[kWriters], late;
  for (int i = 0; i < kWriters; ++i) {
    auto batch = executions("a", 1'000 * i, 1'000, house.now());
    REQUIRE(house.spine->submit(std::move(batch), writers[i].done()));
  }
  SECTION("stored, so that a restart finds it") {
    house.spine->close();
    CHECK_FALSE(house.spine->submit(executions("b", 0, 1, house.now()), late.done()));
    house.spine->run();
    for (const Writer& writer : writers) CHECK(writer.accepted() == 1'000);
    house.restart();
    CHECK(house.log->stats().events == 1'000 * kWriters);
  }
  SECTION("or refused, with a full disk") {
    house.store.fill();
    house.spine->close();
    house.spine->run();
    for (const Writer& writer : writers) CHECK_FALSE(writer.answer());
  }
  CHECK(late.times() == 0);
}

TEST_CASE("while the spine runs, others submit, load rules and see them in force") {
  House house;
  std::thread thread([&] { house.spine->run(); });
  std::promise<std::uint32_t> accepted;
  REQUIRE(house.spine->submit(executions("a", 0, 20, house.now()), [&](const auto& outcome) {
    accepted.set_value(outcome.ok() ? outcome->accepted : 0);
  }));
  CHECK(accepted.get_future().get() == 20);
  CHECK(house.spine->load_rules({success_rule()}));
  CHECK(house.spine->rules()->size() == 1);
  CHECK(house.spine->reload_windows());
  house.spine->close();
  thread.join();
}
