#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <vitals/notify/outbox.h>

#include "support/manual_clock.h"
#include "unit/pipeline/failing_store.h"

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

/// Answers from a function instead of a network.
class ScriptedCalls : public net::Calls {
 public:
  using Script = std::function<Result<net::ClientAnswer>(const net::ClientRequest&)>;
  explicit ScriptedCalls(Script script) : script_(std::move(script)) {}

  void start(std::uint64_t number, const net::ClientRequest& request) override {
    answered_.push_back({number, script_(request)});
  }
  std::vector<Answered> answered() override { return std::exchange(answered_, {}); }
  void wait(DurationMs) override {}
  void wake() override {}

 private:
  Script script_;
  std::vector<Answered> answered_;
};

inline std::string header(const net::ClientRequest& request, const std::string& name) {
  for (const auto& [key, value] : request.headers) {
    if (key == name) return value;
  }
  return {};
}

/// Passes calls on, and knows how many are under way.
class CountedCalls final : public net::Calls {
 public:
  explicit CountedCalls(net::Calls& calls) : calls_(calls) {}

  void start(std::uint64_t number, const net::ClientRequest& request) override {
    ++under_way_;
    calls_.start(number, request);
  }
  std::vector<Answered> answered() override {
    auto all = calls_.answered();
    under_way_ -= all.size();
    return all;
  }
  void wait(DurationMs at_most_ms) override { calls_.wait(at_most_ms); }
  void wake() override { calls_.wake(); }
  std::size_t under_way() const { return under_way_; }

 private:
  net::Calls& calls_;
  std::size_t under_way_ = 0;
};

/// An outbox over a store that outlives it, under a clock that the test moves.
class OutboxHouse {
 public:
  OutboxHouse(net::Calls& calls, Options options)
      : OutboxHouse(calls, std::move(options), own_clock_) {}
  OutboxHouse(net::Calls& calls, Options options, vitals::test::ManualClock& clock)
      : clock_(clock), calls_(calls), options_(std::move(options)) {
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
    auto opened = Outbox::open(store_, clock_, options_, calls_, quiet_logger(), *telemetry_);
    if (!opened) throw std::runtime_error(opened.error().message);
    outbox_ = *std::move(opened);
  }

  void tell(const model::Alert& alert) {
    const bool over = alert.status == model::AlertStatus::resolved;
    tell(over ? Event::resolved : Event::firing, alert);
  }

  void request_action(const model::Alert& alert) {
    store::WriteBatch changes;
    outbox_->request_action(alert, changes);
    if (!store_.commit(changes, store::Sync::yes)) throw std::runtime_error("commit failed");
  }

  void tell(Event event, const model::Alert& alert) {
    store::WriteBatch changes;
    outbox_->enqueue({event, alert}, changes);
    if (!store_.commit(changes, store::Sync::yes)) throw std::runtime_error("commit failed");
  }

  /// Until nothing is due and nothing under way; returns when the next try is.
  TimeMs deliver() {
    for (;;) {
      const TimeMs next = outbox_->deliver();
      if (calls_.under_way() > 0) {
        calls_.wait(20'000);
      } else if (next > clock_.now_ms()) {
        return next;
      }
    }
  }

  /// Moves the clock from try to try, for as long as given or until nothing waits.
  TimeMs deliver_for(DurationMs duration) {
    const TimeMs end = clock_.now_ms() + duration;
    TimeMs next = deliver();
    for (; next <= end; next = deliver()) clock_.set(next);
    clock_.set(std::max(clock_.now_ms(), end));
    return next;
  }

  std::vector<Delivery> deliveries(std::uint32_t limit = 1'000) {
    auto all = outbox_->deliveries({{}, {}, {}, limit});
    if (!all) throw std::runtime_error(all.error().message);
    return *std::move(all);
  }

  std::vector<Delivery> deliveries(DeliveryState state) {
    auto all = outbox_->deliveries({state, {}, {}, 1'000});
    if (!all) throw std::runtime_error(all.error().message);
    return *std::move(all);
  }

  Outbox& outbox() { return *outbox_; }
  vitals::test::ManualClock& clock() { return clock_; }
  pipeline::test::FailingStore& store() { return store_; }
  std::string metrics() const {
    std::string text;
    telemetry_->write_prometheus(text);
    return text;
  }

 private:
  vitals::test::ManualClock own_clock_;
  vitals::test::ManualClock& clock_;
  pipeline::test::FailingStore store_;
  CountedCalls calls_;
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
