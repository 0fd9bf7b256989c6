#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/net/client.h>
#include <vitals/notify/receiver.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::notify {

enum class DeliveryState : std::uint8_t { waiting, delivered, dead };

/// One notification's way to one receiver, as the API shows it.
struct Delivery {
  std::string id;  ///< the webhook-id: the same on every try, so receivers can de-duplicate
  std::string receiver;
  std::string alert;  ///< incident id
  std::string event;  ///< firing or resolved
  DeliveryState state = DeliveryState::waiting;
  std::uint32_t attempts = 0;
  TimeMs created_at = 0;
  TimeMs next_try_at = 0;
  TimeMs done_at = 0;
  std::string last_error;
};

/// Durable queue of notifications. enqueue() belongs to the spine, deliver() to the courier's own
/// thread, the rest is thread-safe.
class Outbox {
 public:
  static Result<std::unique_ptr<Outbox>> open(store::Store& store, const Clock& clock,
                                              Options options, net::Client& client, Logger logger,
                                              telemetry::Registry& telemetry);
  virtual ~Outbox() = default;

  /// Adds one row per receiver the alert is routed to, to be committed with the alert's state.
  virtual void enqueue(const model::Alert& alert, store::WriteBatch& changes) = 0;

  /// Sends what is due, in order per receiver; a receiver that fails delays nobody else. Returns
  /// when the next try is due (max() when nothing waits). Called again after wake-ups.
  virtual TimeMs deliver() = 0;

  /// Replaces receivers and routes (reload). Rows of a receiver that is gone become dead letters.
  virtual void configure(Options options) = 0;

  /// Waiting and recent deliveries, newest first.
  virtual Result<std::vector<Delivery>> deliveries(std::uint32_t limit) const = 0;
};

}  // namespace vitals::notify
