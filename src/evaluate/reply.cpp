#include "reply.h"

#include <vitals/net/retry_after.h>
#include <vitals/wire/signals.h>

namespace vitals::evaluate {
namespace {

bool may_pass(Errc code) {
  return code == Errc::unavailable || code == Errc::io || code == Errc::deadline_exceeded;
}

}  // namespace

Reply read_reply(const Result<net::ClientAnswer>& answer, TimeMs now) {
  using Kind = Reply::Kind;
  if (!answer) {
    const Error& why = answer.error();
    return {may_pass(why.code) ? Kind::try_again : Kind::useless, {}, why.message};
  }
  const int status = answer->status;
  if (status == 204) return {Kind::no_opinion};
  if (status == 200) {
    auto scores = wire::decode_scores(answer->body);
    if (!scores) return {Kind::useless, {}, "its answer is not good: " + scores.error().message};
    return {Kind::scores, *std::move(scores)};
  }
  const bool again = status >= 500 || status == 408 || status == 429;
  return {again ? Kind::try_again : Kind::useless,
          {},
          "HTTP " + std::to_string(status),
          net::retry_after(*answer, now)};
}

}  // namespace vitals::evaluate
