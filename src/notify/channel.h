#pragma once

#include <memory>
#include <string>
#include <vector>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/net/client.h>
#include <vitals/notify/outbox.h>
#include <vitals/notify/receiver.h>

#include "attempt.h"

namespace vitals::notify {

/// What one try has to tell.
struct Message {
  std::string id;         ///< the idempotency key, the same on every try
  TimeMs created_at = 0;  ///< of the newest notice
  std::vector<Notice>
      notices;         ///< oldest first, at least one; several only for channels that group
  std::string memory;  ///< what the channel remembered of this incident; "" at first
};

/// One kind of receiver: turns notices into one outgoing call, and an answer into what becomes of
/// them. Waiting, order, retries and dead letters belong to the outbox. Immutable, thread-safe.
class Channel {
 public:
  virtual ~Channel() = default;

  /// Several incidents may share one message.
  virtual bool groups() const { return false; }
  /// An open incident is told again this long after it was told last, so that the receiver does not
  /// take it as over; 0: never.
  virtual DurationMs refresh_ms() const { return 0; }

  /// Whether the receiver wants to hear of this at all.
  virtual bool wants(Event) const { return true; }

  /// The call that tells it. The same message gives the same body on every try; `now` is for
  /// signatures. Errors: invalid_argument, when it can never be told.
  virtual Result<net::ClientRequest> request(const Message& message, TimeMs now) const = 0;

  /// The call that says that we are alive (dead man's switch). Errors: invalid_argument when this
  /// kind of receiver has none.
  virtual Result<net::ClientRequest> heartbeat(TimeMs now) const;

  /// What the answer, or the lack of one, means. By default HTTP's status decides (attempt.h).
  virtual Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) const;

  /// What to remember of the incident after a try that succeeded, for its next message.
  virtual std::string remember(const Message& message, const net::ClientAnswer&) const {
    return message.memory;
  }
};

/// The channel of a receiver that validate() accepts.
std::unique_ptr<const Channel> make_channel(const Receiver& receiver);

}  // namespace vitals::notify
