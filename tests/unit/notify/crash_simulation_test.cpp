#include <algorithm>
#include <map>
#include <random>

#include <catch2/catch.hpp>

#include "outbox_house.h"

namespace vitals::notify::test {
namespace {

/// The daemon ends here, whatever it was about to do.
struct Killed {};

/// Three receivers that fail half of the time in every way there is; a call may be the daemon's
/// last, before or after the receiver took the notification.
class UnreliableWorld final : public net::Client {
 public:
  explicit UnreliableWorld(std::mt19937_64& random) : random_(random) {}

  Result<net::ClientAnswer> call(const net::ClientRequest& request) override {
    const std::string id = header(request, "webhook-id");
    CHECK(header(request, "idempotency-key") == id);
    if (kills_left > 0 && random_() % 60 == 0) die();
    if (random_() % 2 == 0) return failure();
    taken[request.url].push_back(id);
    if (kills_left > 0 && random_() % 60 == 0) die();
    return net::ClientAnswer{200, {}, ""};
  }

  std::map<std::string, std::vector<std::string>> taken;  ///< ids by URL, in order of arrival
  int kills_left = 50;

 private:
  [[noreturn]] void die() {
    --kills_left;
    throw Killed{};
  }
  Result<net::ClientAnswer> failure() {
    switch (random_() % 4) {
      case 0:
        return Error{Errc::deadline_exceeded, "timed out"};
      case 1:
        return Error{Errc::unavailable, "reset"};
      case 2:
        return net::ClientAnswer{503, {{"retry-after", "30"}}, ""};
      default:
        return net::ClientAnswer{500, {}, ""};
    }
  }
  static std::string header(const net::ClientRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
      if (key == name) return value;
    }
    return {};
  }

  std::mt19937_64& random_;
};

bool waits(OutboxHouse& house) {
  const auto all = house.deliveries();
  return std::any_of(all.begin(), all.end(), [](const Delivery& delivery) {
    return delivery.state == DeliveryState::waiting;
  });
}

TEST_CASE("through failures and kills everything arrives, in order, repeats under one id") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  UnreliableWorld world(random);
  Options options;
  for (const char* name : {"one", "two", "three"}) {
    options.receivers.push_back(
        webhook_receiver(name, std::string("http://") + name + "/", kSecret));
    options.routes.routes.push_back(route_to(name, {}, true));
  }
  options.lanes = 2;
  options.log_entries_max = 50;
  OutboxHouse house(world, options);

  std::vector<std::string> told;
  const auto live = [&](DurationMs duration) {
    try {
      house.deliver_for(duration);
    } catch (const Killed&) {
      house.reopen();
    }
  };
  for (int alert = 0; alert < 300; ++alert) {
    const std::string id = std::to_string(alert);
    house.tell(firing(id, house.clock().now_ms()));
    house.tell(resolved(id, house.clock().now_ms()));
    told.push_back(id + "-firing");
    told.push_back(id + "-resolved");
    live(static_cast<DurationMs>(random() % 60'000));
  }
  while (waits(house)) live(3'600'000);

  CHECK(world.kills_left < 50);
  std::size_t repeats = 0;
  for (const auto& [url, ids] : world.taken) {
    CAPTURE(url);
    std::vector<std::string> once;
    for (const std::string& id : ids) {
      if (once.empty() || once.back() != id) once.push_back(id);
    }
    repeats += ids.size() - once.size();
    CHECK(once == told);
  }
  CHECK(world.taken.size() == 3);
  CHECK(repeats <= static_cast<std::size_t>(50 - world.kills_left));
}

}  // namespace
}  // namespace vitals::notify::test
