#pragma once

#include <deque>
#include <functional>
#include <span>
#include <unordered_map>

#include "moments.h"

namespace vitals::query {

using Sign = std::uint64_t Signs::*;

/// Finds in sessions, one after the other, what executions tell by what followed them. Linear in
/// their number.
class SignFinder {
 public:
  using Tell = std::function<void(const Moment& execution, Sign sign)>;

  explicit SignFinder(DurationMs retry_within_ms) : retry_within_ms_(retry_within_ms) {}

  /// `session` is all that was read of one, in order of time; `over`: nothing will follow it. Tells
  /// of each execution once at most.
  void find(std::span<const Moment> session, bool over, const Tell& tell);

 private:
  const DurationMs retry_within_ms_;
  /// Executions of the session that nothing has followed yet, by prompt, in order of time.
  std::unordered_map<TextCode, std::deque<const Moment*>> unfollowed_;
};

}  // namespace vitals::query
