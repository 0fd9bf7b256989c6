#pragma once

#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <vitals/notify/outbox.h>
#include <vitals/store/memory.h>

#include "support/manual_clock.h"

namespace vitals::notify::test {

inline constexpr TimeMs kNothingWaits = std::numeric_limits<TimeMs>::max();
inline constexpr const char* kSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

inline model::Alert firing(const std::string& id, TimeMs now) {
  model::Alert alert;
  alert.id = id;
  alert.rule = "success-rate-collapse";
  alert.severity = model::Severity::critical;
  alert.status = model::AlertStatus::firing;
  alert.labels = {{"prompt", "checkout"}, {"alert", "A2"}};
  alert.annotations = {{"summary", "Success rate collapsed"}};
  alert.metric = "execution_success_rate";
  alert.value = 71.5;
  alert.threshold = 80;
  alert.samples = 31;
  alert.pending_since = alert.firing_since = alert.updated_at = now;
  return alert;
}

inline model::Alert resolved(const std::string& id, TimeMs now) {
  model::Alert alert = firing(id, now);
  alert.status = model::AlertStatus::resolved;
  alert.resolved_at = now;
  return alert;
}

/// An outbox over a store that outlives it, under a clock that the test moves.
class OutboxHouse {
 public:
  OutboxHouse(net::Client& client, Options options)
      : client_(client), options_(std::move(options)) {
    options_.jitter_seed = 42;
    reopen();
  }

  void reopen(Options options) {
    options_ = std::move(options);
    options_.jitter_seed = 42;
    reopen();
  }
  void reopen() {
    outbox_.reset();
    telemetry_ = std::make_unique<telemetry::Registry>();
    auto opened = Outbox::open(*store_, clock_, options_, client_, quiet_logger(), *telemetry_);
    if (!opened) throw std::runtime_error(opened.error().message);
    outbox_ = *std::move(opened);
  }

  void tell(const model::Alert& alert) {
    store::WriteBatch changes;
    const bool over = alert.status == model::AlertStatus::resolved;
    outbox_->enqueue({over ? Event::resolved : Event::firing, alert}, changes);
    if (!store_->commit(changes, store::Sync::yes)) throw std::runtime_error("commit failed");
  }

  /// Every lane, until nothing is due; returns when the next try is.
  TimeMs deliver() {
    TimeMs next = 0;
    while (next <= clock_.now_ms()) {
      next = kNothingWaits;
      for (std::size_t lane = 0; lane < outbox_->lanes(); ++lane) {
        next = std::min(next, outbox_->deliver(lane));
      }
    }
    return next;
  }

  /// Moves the clock from try to try, for as long as given or until nothing waits.
  void deliver_for(DurationMs duration) {
    const TimeMs end = clock_.now_ms() + duration;
    for (TimeMs next = deliver(); next <= end; next = deliver()) clock_.set(next);
    clock_.set(std::max(clock_.now_ms(), end));
  }

  std::vector<Delivery> deliveries(std::uint32_t limit = 1'000) {
    auto all = outbox_->deliveries(limit);
    if (!all) throw std::runtime_error(all.error().message);
    return *std::move(all);
  }

  Outbox& outbox() { return *outbox_; }
  vitals::test::ManualClock& clock() { return clock_; }
  store::Store& store() { return *store_; }
  std::string metrics() const {
    std::string text;
    telemetry_->write_prometheus(text);
    return text;
  }

 private:
  vitals::test::ManualClock clock_;
  std::unique_ptr<store::Store> store_ = store::open_memory();
  net::Client& client_;
  Options options_;
  std::unique_ptr<telemetry::Registry> telemetry_;
  std::unique_ptr<Outbox> outbox_;
};

inline Route route_to(const std::string& receiver,
                      const std::map<std::string, std::string>& match = {},
                      bool continue_matching = false) {
  Route route;
  route.receiver = receiver;
  route.match = match;
  route.continue_matching = continue_matching;
  return route;
}

inline Receiver webhook_receiver(const std::string& name, const std::string& url,
                                 const std::string& secret = "", const Headers& headers = {}) {
  Receiver receiver;
  receiver.name = name;
  receiver.timeout_ms = 5'000;
  receiver.target = WebhookTarget{url, secret, headers};
  return receiver;
}

/// One receiver that gets everything.
inline Options everything_to(const std::string& url) {
  Options options;
  options.receivers = {webhook_receiver("on-call", url, kSecret)};
  options.routes.receiver = "on-call";
  return options;
}

}  // namespace vitals::notify::test
