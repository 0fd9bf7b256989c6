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

/// Why receivers are told about an alert.
enum class Event : std::uint8_t { firing, escalated, acknowledged, resolved };
const char* to_string(Event event);

/// One thing to tell: the alert as it is at that moment.
struct Notice {
  Event event = Event::firing;
  model::Alert alert;
};

/// One notification's way to one receiver, as the API shows it.
struct Delivery {
  std::string id;  ///< the webhook-id: the same on every try, so receivers can de-duplicate
  std::string receiver;
  std::string alert;  ///< incident id
  std::string event;  ///< to_string(Event)
  DeliveryState state = DeliveryState::waiting;
  std::uint32_t attempts = 0;
  TimeMs created_at = 0;
  TimeMs next_try_at = 0;
  TimeMs done_at = 0;
  std::string last_error;
};

/// Durable queue of notifications, in the store's table `outbox` (docs/formats/outbox.md). At least
/// once: what a crash leaves undecided is sent again, under the same id. enqueue() belongs to the
/// spine, deliver() to the courier threads, one per lane; the rest is thread-safe.
///
/// A try succeeded when its answer is 2xx. 410 makes a dead letter at once; everything else (other
/// statuses, redirects, no answer in time) is tried again with exponential backoff and full jitter,
/// not before a Retry-After, until give_up_ms have passed since the notification was made.
class Outbox {
 public:
  /// Errors: invalid_argument as of validate(), those of the store.
  static Result<std::unique_ptr<Outbox>> open(store::Store& store, const Clock& clock,
                                              Options options, net::Client& client, Logger logger,
                                              telemetry::Registry& telemetry);
  virtual ~Outbox() = default;

  /// Adds one row per receiver the alert is routed to, to be committed with the alert's state.
  virtual void enqueue(const Notice& notice, store::WriteBatch& changes) = 0;

  /// Adds a row that asks for `alert.action`, which must be set, to be committed with the alert's
  /// state. Spine only, like enqueue().
  virtual void request_action(const model::Alert& alert, store::WriteBatch& changes) = 0;
  /// Who is told what became of an action, "" or the error, on a courier's thread, after the
  /// outcome was committed; after a start perhaps once more. To be set before the first deliver().
  virtual void on_action_done(
      std::function<void(const std::string& alert_id, const std::string& error)> told) = 0;

  /// The spine has just evaluated its rules, and is well: heartbeats are sent only while it goes on
  /// saying so. Thread-safe.
  virtual void alive(TimeMs now) = 0;

  /// Receivers are shared out among this many lanes, and stay in theirs; each is one thread's.
  virtual std::size_t lanes() const = 0;

  /// One round over the lane's receivers: tries the oldest notification of each if it is due, so
  /// order is kept per receiver, and one that fails delays nobody. It delays its lane by its
  /// timeout while it hangs, which is why there are several. Returns when to call again: now or
  /// earlier when more is due, max() when nothing waits. Call also after every commit of enqueue()d
  /// rows.
  virtual TimeMs deliver(std::size_t lane) = 0;

  /// Replaces receivers and routes (reload); an error changes nothing. Rows of a receiver that is
  /// gone become dead letters in its lane's next deliver().
  virtual Status configure(Options options) = 0;

  /// Waiting and recent deliveries, newest first.
  virtual Result<std::vector<Delivery>> deliveries(std::uint32_t limit) const = 0;
};

}  // namespace vitals::notify
