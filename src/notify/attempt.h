#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/base/result.h>
#include <vitals/net/client.h>

namespace vitals::notify {

/// What one try came to.
struct Attempt {
  enum class Verdict : std::uint8_t { delivered, refused_for_good, try_again };
  Verdict verdict = Verdict::try_again;
  std::string error;  ///< empty when delivered
  /// It is not about this notification: the receiver as a whole gives no good answer at present.
  bool receiver_down = false;
  /// What the channel remembers of the incident is out of date: the next try goes without.
  bool forget = false;
  std::optional<TimeMs> not_before;  ///< what Retry-After asked for
};

/// Reads a receiver's answer, or the lack of one, by the rules of Standard Webhooks 1.0.
Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now);

}  // namespace vitals::notify
