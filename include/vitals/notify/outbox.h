#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/model/alert.h>
#include <vitals/model/persons.h>
#include <vitals/net/calls.h>
#include <vitals/notify/receiver.h>
#include <vitals/store/store.h>
#include <vitals/telemetry/registry.h>

namespace vitals::notify {

enum class DeliveryState : std::uint8_t { waiting, delivered, dead };
const char* to_string(DeliveryState state);

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
  std::string id;        ///< the same on every try, so that receivers can de-duplicate
  std::string receiver;  ///< `action:NAME` for an action
  std::string alert;     ///< incident id
  std::string event;     ///< to_string(Event), or `action`
  DeliveryState state = DeliveryState::waiting;
  std::uint32_t attempts = 0;
  TimeMs created_at = 0;
  TimeMs next_try_at = 0;  ///< not earlier; later while the receiver's circuit is open
  TimeMs done_at = 0;
  std::string last_error;
};

/// Which deliveries are asked for; what is empty lets all through.
struct DeliveryFilter {
  std::optional<DeliveryState> state;
  std::string receiver;
  std::string alert;
  std::uint32_t limit = 100;
};

/// Which dead letters are to be sent once more: those that match all that is given.
struct Replay {
  std::vector<std::string> ids;
  std::string receiver;
};

/// What became of a replay, in dead letters.
struct Replayed {
  std::uint64_t queued = 0;   ///< wait again
  std::uint64_t skipped = 0;  ///< stay dead: the receiver knows, or is being told, of the end
};

/// How one receiver does.
struct ReceiverState {
  /// Open: nothing is sent until `opens_at`. Half open: one probe is under way.
  enum class Circuit : std::uint8_t { closed, open, half_open };
  std::string name;
  std::string channel;  ///< its kind, as in the configuration file
  Circuit circuit = Circuit::closed;
  TimeMs opens_at = 0;
  std::uint64_t waiting = 0;
  TimeMs oldest_at = 0;  ///< since when the oldest waits
  TimeMs last_success_at = 0;
  TimeMs last_error_at = 0;
  std::string last_error;
};
const char* to_string(ReceiverState::Circuit circuit);

/// Durable queue of notifications, in the store's table `outbox` (docs/formats/outbox.md). At least
/// once: what a crash leaves undecided is sent again, under the same id. At each receiver in order
/// per incident; incidents do not wait for one another. enqueue() and request_action() belong to
/// the spine, deliver() to the courier's thread, which the calls belong to as well; the rest is
/// thread-safe.
///
/// What an answer means is the channel's to say. A failed try is made again with exponential
/// backoff and full jitter, not before a Retry-After, until give_up_ms have passed; then, or once
/// the receiver refuses for good, the notification is a dead letter. A receiver that as a whole
/// gives no good answer is left alone but for one probe at a time, until one succeeds.
class Outbox {
 public:
  /// Errors: invalid_argument as of validate(), those of the store.
  static Result<std::unique_ptr<Outbox>> open(store::Store& store, const Clock& clock,
                                              Options options, net::Calls& calls, Logger logger,
                                              telemetry::Registry& telemetry);
  virtual ~Outbox() = default;

  /// Adds one row per recipient, to be committed with the alert's state. Batches must be committed
  /// in the order in which they were filled; one that is not committed at all was never there.
  virtual void enqueue(const Notice& notice, store::WriteBatch& changes) = 0;
  /// Adds a row that asks for `alert.action`, which must be set, in the same way.
  virtual void request_action(const model::Alert& alert, store::WriteBatch& changes) = 0;
  /// Who is told what became of an action, "" or the error, on the courier's thread, after the
  /// outcome was committed; after a start perhaps once more. To be set before the first deliver().
  virtual void on_action_done(
      std::function<void(const std::string& alert_id, const std::string& error)> told) = 0;

  /// While an open incident is kept quiet, `repeat` does not tell it again. Lasts as long as the
  /// process: to be said anew after a start. Thread-safe.
  virtual void keep_quiet(const std::string& alert, bool quiet) = 0;

  /// The spine has just evaluated its rules, and is well: heartbeats are sent only while it goes on
  /// saying so.
  virtual void alive(TimeMs now) = 0;

  /// One round, without waiting: notes what was answered, reads what was committed since, begins
  /// the calls that are due. Returns when to call again, max() for no time: earlier when a call is
  /// answered, and after every commit of rows.
  virtual TimeMs deliver() = 0;

  /// Replaces receivers, routes, actions and heartbeats (reload); an error changes nothing. Rows of
  /// a receiver that is gone become dead letters.
  virtual Status configure(Options options) = 0;

  /// Takes persons' pseudonyms out of every row, those under way too; returns how many rows had
  /// one. What was delivered is out of reach. Errors: those of the store.
  virtual Result<std::uint64_t> forget(const model::Persons& persons) = 0;
  /// As Store::purge(), of all rows.
  virtual Result<bool> purge() = 0;

  /// Newest first.
  virtual Result<std::vector<Delivery>> deliveries(const DeliveryFilter& filter) const = 0;
  /// Lets dead letters wait again, under their ids. Those whose receiver is not configured any
  /// more, and actions, stay dead and are not counted. Errors: those of the store.
  virtual Result<Replayed> replay(const Replay& replay) = 0;
  /// By name, as of the last round; never waits for one.
  virtual std::vector<ReceiverState> receivers() const = 0;
};

}  // namespace vitals::notify
