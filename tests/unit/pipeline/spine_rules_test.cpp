#include <atomic>
#include <thread>

#include <catch2/catch.hpp>

#include "house.h"
#include "passing_store.h"

using namespace vitals;
using namespace vitals::pipeline;
using namespace vitals::pipeline::test;

namespace {

using Words = std::vector<std::string>;

void post_failures(House& house, const std::string& prompt, int first = 0) {
  house.post(executions(prompt, first, 20, house.now(), model::Tri::no));
}
void post_successes(House& house, const std::string& prompt, int first = 1'000) {
  house.post(executions(prompt, first, 1'000, house.now()));
}

/// The rule is in force and was evaluated; failures have come since.
struct FailingHouse : House {
  FailingHouse() {
    REQUIRE(spine->load_rules({success_rule()}));
    turn();
    post_failures(*this, "a");
  }
};

/// The rule is in force, its alert is firing and was told.
struct FiringHouse : House {
  FiringHouse() {
    REQUIRE(spine->load_rules({success_rule()}));
    post_failures(*this, "a");
    turn();
    REQUIRE(open_alerts().size() == 1);
    REQUIRE(told() == Words{"firing"});
    id = open_alerts().front().id;
  }

  void require_resolved_once() const {
    REQUIRE(open_alerts().empty());
    REQUIRE(history().size() == 1);
    CHECK(history().front().id == id);
    CHECK(told() == Words{"firing", "resolved"});
  }

  std::string id;
};

/// A store that runs something whenever it is read.
struct WatchedStore final : PassingStore {
  std::shared_ptr<const store::Snapshot> snapshot() const override {
    if (on_read) on_read();
    return PassingStore::snapshot();
  }
  std::function<void()> on_read;
};

}  // namespace

TEST_CASE("an alert and its notification are one commit, and then the courier is woken") {
  FailingHouse house;
  const auto commits = house.store.commits();
  house.turn();
  CHECK(house.store.commits() == commits + 1);
  CHECK(house.couriers_woken == 1);
  REQUIRE(house.open_alerts().size() == 1);
  CHECK(house.open_alerts().front().status == model::AlertStatus::firing);
  CHECK(house.told() == Words{"firing"});

  house.turn();
  CHECK(house.store.commits() == commits + 1);
  CHECK(house.couriers_woken == 1);
}

TEST_CASE("alerts that the store refused are saved and told when it takes them, once") {
  FailingHouse house;
  house.store.fill();
  house.turn();
  house.turn();
  CHECK(house.open_alerts().empty());
  CHECK(house.told().empty());
  CHECK(house.couriers_woken == 0);

  house.store.make_room();
  house.turn();
  CHECK(house.open_alerts().size() == 1);
  house.turn();
  CHECK(house.told() == Words{"firing"});
  CHECK(house.couriers_woken == 1);
}

TEST_CASE("an alert that came and went while the disk was full is told with both its ends") {
  FailingHouse house;
  house.store.fill();
  house.turn();
  house.clock.advance(10 * 60'000);  // out of the window
  house.turn();
  CHECK(house.told().empty());
  house.store.make_room();
  house.turn();
  CHECK(house.open_alerts().empty());
  CHECK(house.history().size() == 1);
  CHECK(house.told() == Words{"firing", "resolved"});
}

TEST_CASE("after a long write rules are judged in a step of their own, before the next write") {
  House house;
  REQUIRE(house.spine->load_rules({success_rule()}));
  house.turn();
  house.clock.advance(1'000);
  const auto long_write = [&house](const auto&) { house.clock.advance(20); };
  REQUIRE(house.spine->submit(executions("a", 0, 20, house.now(), model::Tri::no), long_write));
  house.spine->step();
  CHECK(house.open_alerts().empty());

  Writer next;
  REQUIRE(house.spine->submit(executions("b", 0, 20, house.now()), next.done()));
  house.spine->step();
  CHECK(house.told() == Words{"firing"});
  CHECK(next.times() == 0);
  house.spine->step();
  CHECK(next.accepted() == 20);
}

TEST_CASE("commands that keep coming stop neither writes nor rules") {
  House house;
  REQUIRE(house.spine->load_rules({success_rule()}));
  REQUIRE(
      house.spine->submit(executions("a", 0, 20, house.now(), model::Tri::no), [](const auto&) {}));
  std::thread spine([&house] { house.spine->run(); });
  std::atomic<bool> told{false};
  // Whether the spine ran it, which it does once it goes: before, commands are run at once.
  const auto command = [&house, by = spine.get_id()] {
    bool by_spine = false;
    (void)house.spine->command([&](rules::Incidents& incidents, TimeMs now) {
      by_spine = std::this_thread::get_id() == by;
      if (by_spine) house.clock.advance(20);  // so long it takes
      return incidents.comment("some", {"ann", "hello"}, now);
    });
    return by_spine;
  };
  std::thread other([&] {
    while (!told) (void)command();
  });
  for (int i = 0; i < 500 && !told;) {
    if (!command()) continue;
    ++i;
    if (!house.told().empty()) told = true;
  }
  const bool heard = told.exchange(true);  // which ends the other, too
  other.join();
  house.spine->close();
  spine.join();
  CHECK(heard);
}

TEST_CASE("a storm of alerts does not wait for an evaluation each second") {
  House house;
  REQUIRE(house.spine->load_rules({success_rule()}));
  for (int i = 0; i < 600; ++i) {
    house.post(executions("p" + std::to_string(i), 0, 10, house.now(), model::Tri::no));
  }
  house.turn();
  for (int i = 0; i < 50; ++i) {
    if (i % 10 == 0) house.clock.advance(100);
    house.spine->step();
  }
  CHECK(house.told() == Words(600, "firing"));
}

TEST_CASE("nobody is kept waiting with a command while ids are read back after a start") {
  House house;
  house.stop();
  auto made = std::make_unique<WatchedStore>();
  WatchedStore& store = *made;
  house.store.replace(std::move(made));
  house.start();
  Result<model::Alert> answer = Error{Errc::internal, "nobody asked"};
  store.on_read = [&] {
    answer = house.spine->command([](rules::Incidents& incidents, TimeMs now) {
      return incidents.comment("some", {"ann", "hello"}, now);
    });
  };
  house.spine->close();
  house.spine->run();
  CHECK(answer.error().code == Errc::unavailable);
  CHECK(answer.error().message == "the daemon is starting, try again in a moment");
  CHECK(house.spine
            ->command([](rules::Incidents& incidents, TimeMs now) {
              return incidents.comment("some", {"ann", "hello"}, now);
            })
            .error()
            .code == Errc::not_found);
}

TEST_CASE("new rules see what was logged before them") {
  House house;
  post_failures(house, "a");
  house.turn();
  CHECK(house.open_alerts().empty());
  REQUIRE(house.spine->load_rules({success_rule()}));
  house.turn();
  CHECK(house.open_alerts().size() == 1);
}

TEST_CASE("a reload carries open alerts over") {
  FiringHouse house;
  REQUIRE(house.spine->load_rules({success_rule(), success_rule("another")}));
  CHECK(house.spine->rules()->size() == 2);
  house.turn();
  REQUIRE(house.open_alerts().size() == 2);
  CHECK(house.open_alerts().front().id == house.id);
  CHECK(house.told() == Words{"firing", "firing"});

  post_successes(house, "a");
  house.turn();
  CHECK(house.open_alerts().empty());
  CHECK(house.told().size() == 4);
}

TEST_CASE("a reload forgets no alert that is yet to be saved") {
  FailingHouse house;
  house.store.fill();
  house.turn();
  REQUIRE(house.spine->load_rules({success_rule()}));
  house.turn();
  house.store.make_room();
  house.turn();
  CHECK(house.open_alerts().size() == 1);
  CHECK(house.told() == Words{"firing"});
}

TEST_CASE("a reload does not start the clock of an absence anew") {
  rules::Rule silence;
  silence.name = "silence";
  silence.condition = rules::Absence{15 * 60'000};
  House house;
  house.clock.advance(10 * 60'000);
  REQUIRE(house.spine->load_rules({silence}));
  house.turn();
  CHECK(house.open_alerts().empty());
  house.clock.advance(5 * 60'000);
  house.turn();
  CHECK(house.told() == Words{"firing"});
}

TEST_CASE("rules that make no sense are refused by name, and the old ones stay in force") {
  FiringHouse house;
  rules::Rule wrong = success_rule("wrong-one");
  std::get<rules::Threshold>(wrong.condition).metric = "no_such_metric";
  const Status loaded = house.spine->load_rules({wrong});
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == Errc::invalid_argument);
  CHECK(loaded.error().message.find("wrong-one") != std::string::npos);
  REQUIRE(house.spine->rules()->size() == 1);
  CHECK(house.spine->rules()->front().name == "success");

  post_successes(house, "a");
  house.turn();
  CHECK(house.told() == Words{"firing", "resolved"});
}

TEST_CASE("an alert whose rule is gone resolves") {
  FiringHouse house;
  REQUIRE(house.spine->load_rules({}));
  house.turn();
  house.require_resolved_once();
}

TEST_CASE("an alert whose rule is gone resolves, also after a second reload") {
  FiringHouse house;
  REQUIRE(house.spine->load_rules({}));
  REQUIRE(house.spine->reload_windows());
  house.turn();
  house.require_resolved_once();
}

TEST_CASE("an open alert goes on over a restart as the same incident") {
  FiringHouse house;
  house.restart({success_rule()});
  house.turn();
  REQUIRE(house.open_alerts().size() == 1);
  CHECK(house.open_alerts().front().id == house.id);
  CHECK(house.told() == Words{"firing"});

  post_successes(house, "a");
  house.turn();
  house.require_resolved_once();
}

TEST_CASE("an open alert resolves after a restart when it does not hold any more") {
  FiringHouse house;
  house.clock.advance(10 * 60'000);  // out of the window
  house.restart({success_rule()});
  house.turn();
  REQUIRE(house.open_alerts().size() == 1);  // events of the time it was down may still come
  house.clock.advance(5 * 60'000);
  house.turn();
  house.require_resolved_once();
}

TEST_CASE("an open alert resolves after a restart without its rule") {
  FiringHouse house;
  house.restart();
  house.turn();
  house.require_resolved_once();
}

TEST_CASE("erased events leave the windows with the next reload of them") {
  FiringHouse house;
  const auto erased = house.maintenance->erase({}, 0, house.now() + 1);
  REQUIRE(erased);
  CHECK(erased->rows == 20);
  REQUIRE(house.spine->reload_windows());
  house.turn();
  house.require_resolved_once();
}
