#include "attempt.h"

#include <fmt/format.h>

#include <vitals/net/retry_after.h>

namespace vitals::notify {

Attempt judge(const Result<net::ClientAnswer>& answer, TimeMs now) {
  Attempt attempt;
  if (!answer) {
    attempt.error = answer.error().message;
    attempt.receiver_down = answer.error().code != Errc::invalid_argument;
    return attempt;
  }
  if (answer->status >= 200 && answer->status < 300) {
    attempt.verdict = Attempt::Verdict::delivered;
    return attempt;
  }
  const bool redirect = answer->status >= 300 && answer->status < 400;
  attempt.error =
      fmt::format("HTTP {}{}", answer->status, redirect ? ": redirects are not followed" : "");
  attempt.receiver_down = answer->status >= 500 || answer->status == 408 || answer->status == 429;
  if (answer->status == 410) attempt.verdict = Attempt::Verdict::refused_for_good;
  attempt.not_before = net::retry_after(*answer, now);
  return attempt;
}

}  // namespace vitals::notify
