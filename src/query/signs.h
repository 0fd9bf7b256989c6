#pragma once

#include <functional>
#include <span>
#include <vector>

#include "moments.h"

namespace vitals::query {

using Sign = std::uint64_t Signs::*;

/// Finds in sessions, one after the other, what executions tell by what followed them. Linear in
/// their number.
class SignFinder {
 public:
  using Tell = std::function<void(const Moment& execution, Sign sign)>;

  SignFinder(std::size_t prompts, DurationMs retry_within_ms)
      : retry_within_ms_(retry_within_ms), last_(prompts) {}

  /// `session` is whole and in order of time; `over`: nothing will follow it. Tells of each
  /// execution once at most.
  void find(std::span<const Moment> session, bool over, const Tell& tell);

 private:
  const DurationMs retry_within_ms_;
  std::vector<const Moment*> last_;  ///< execution of each prompt, of whatever session
};

}  // namespace vitals::query
