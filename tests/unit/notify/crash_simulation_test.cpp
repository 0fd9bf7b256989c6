#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "outbox_house.h"

namespace vitals::notify::test {
namespace {

/// The daemon ends here, whatever it was about to do.
struct Killed {};

/// Receivers that fail in every way there is, hang, and are down for hours; a call may be the
/// daemon's last, before or after the receiver took the notification.
class UnreliableWorld final : public net::Calls {
 public:
  UnreliableWorld(std::mt19937_64& random, const Clock& clock) : random_(random), clock_(clock) {}

  void start(std::uint64_t number, const net::ClientRequest& request) override {
    const TimeMs now = clock_.now_ms();
    const std::string id = header(request, "webhook-id");
    CHECK(header(request, "idempotency-key") == id);
    if (kills_left > 0 && random_() % 60 == 0) die();
    TimeMs& down_until = down_until_[request.url];
    // Not while it is down already: our own probes must not keep it down for ever.
    if (down_until <= now && random_() % 300 == 0) {
      down_until = now + static_cast<DurationMs>(random_() % 20'000'000);
    }
    if (down_until > now || random_() % 3 == 0) {
      const DurationMs after = random_() % 2 == 0 ? request.timeout_ms : 20;
      under_way_.emplace(now + after, Answered{number, failure()});
      return;
    }
    taken[request.url].push_back(id);
    if (kills_left > 0 && random_() % 60 == 0) die();
    under_way_.emplace(now + static_cast<DurationMs>(random_() % 500),
                       Answered{number, net::ClientAnswer{200, {}, ""}});
  }
  std::vector<Answered> answered() override {
    std::vector<Answered> all;
    while (!under_way_.empty() && under_way_.begin()->first <= clock_.now_ms()) {
      all.push_back(std::move(under_way_.begin()->second));
      under_way_.erase(under_way_.begin());
    }
    return all;
  }
  void wait(DurationMs) override {}
  void wake() override {}

  TimeMs next_answer_at() const {
    return under_way_.empty() ? kNothingWaits : under_way_.begin()->first;
  }
  void restart() { under_way_.clear(); }

  std::map<std::string, std::vector<std::string>> taken;  ///< ids by URL, in order of arrival
  int kills_left = 50;

 private:
  [[noreturn]] void die() {
    --kills_left;
    throw Killed{};
  }
  Result<net::ClientAnswer> failure() {
    switch (random_() % 5) {
      case 0:
        return Error{Errc::deadline_exceeded, "timed out"};
      case 1:
        return Error{Errc::unavailable, "reset"};
      case 2:
        return net::ClientAnswer{503, {{"retry-after", "30"}}, ""};
      case 3:
        return net::ClientAnswer{404, {}, ""};
      default:
        return net::ClientAnswer{500, {}, ""};
    }
  }

  std::mt19937_64& random_;
  const Clock& clock_;
  std::multimap<TimeMs, Answered> under_way_;
  std::map<std::string, TimeMs> down_until_;
};

bool waits(OutboxHouse& house) {
  const auto waiting = house.outbox().deliveries({DeliveryState::waiting, {}, {}, 1});
  return !waiting->empty();
}

void live(OutboxHouse& house, UnreliableWorld& world, DurationMs duration) {
  const TimeMs end = house.clock().now_ms() + duration;
  try {
    for (;;) {
      const TimeMs due_at = house.outbox().deliver();
      const TimeMs next = std::min(due_at, world.next_answer_at());
      if (next > end) break;
      house.clock().set(std::max(next, house.clock().now_ms()));
    }
  } catch (const Killed&) {
    world.restart();
    house.reopen();
  }
  house.clock().set(std::max(end, house.clock().now_ms()));
}

/// What came, without repeats that follow one another, by incident ("12-firing" is of 12).
std::map<std::string, std::vector<std::string>> stories(const std::vector<std::string>& ids) {
  std::map<std::string, std::vector<std::string>> by_incident;
  for (const std::string& id : ids) {
    std::vector<std::string>& story = by_incident[id.substr(0, id.find('-'))];
    if (story.empty() || story.back() != id) story.push_back(id);
  }
  return by_incident;
}

TEST_CASE("through failures, outages and kills everything arrives, each incident in order") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  vitals::test::ManualClock clock;
  UnreliableWorld world(random, clock);
  Options options;
  for (const char* name : {"one", "two", "three"}) {
    options.receivers.push_back(
        webhook_receiver(name, std::string("http://") + name + "/", kSecret));
    options.routes.routes.push_back(route_to(name, {}, true));
  }
  options.log_entries_max = 50;
  OutboxHouse house(world, options, clock);

  std::vector<std::string> told;
  for (int alert = 0; alert < 300; ++alert) {
    const std::string id = std::to_string(alert);
    const TimeMs now = clock.now_ms();
    house.tell(firing(id, now));
    if (random() % 2 == 0) live(house, world, static_cast<DurationMs>(random() % 5'000));
    model::Alert escalated = firing(id, now);
    escalated.escalations = 1;
    house.tell(Event::escalated, escalated);
    house.tell(resolved(id, now));
    for (const char* event : {"-firing", "-escalated-1", "-resolved"}) told.push_back(id + event);
    live(house, world, static_cast<DurationMs>(random() % 60'000));
  }
  for (int hour = 0; hour < 60 && waits(house); ++hour) live(house, world, 3'600'000);

  CHECK_FALSE(waits(house));
  CHECK(house.outbox().deliveries({DeliveryState::dead, {}, {}, 10})->empty());
  CHECK(world.kills_left < 50);
  CHECK(world.taken.size() == 3);
  std::size_t repeats = 0;
  for (const auto& [url, ids] : world.taken) {
    CAPTURE(url);
    CHECK(stories(ids) == stories(told));
    repeats += ids.size() - told.size();
  }
  // Only a kill can make a repeat: of what was under way, to each receiver at most eight.
  CHECK(repeats <= static_cast<std::size_t>(50 - world.kills_left) * 3 * 8);
}

}  // namespace
}  // namespace vitals::notify::test
