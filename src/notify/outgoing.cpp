#include "outgoing.h"

#include <vitals/base/build_info.h>

namespace vitals::notify {

net::ClientRequest outgoing(std::string url, std::string_view content_type, std::string body,
                            DurationMs timeout_ms) {
  net::ClientRequest request;
  request.method = "POST";
  request.url = std::move(url);
  request.timeout_ms = timeout_ms;
  request.answer_bytes_max = 1U << 20U;  // more than any receiver has to say
  request.body = std::move(body);
  request.headers = {{"content-type", std::string(content_type)},
                     {"user-agent", "prompt-vitals/" + std::string(build_info().version)}};
  return request;
}

Attempt judge_strictly(const Result<net::ClientAnswer>& answer, TimeMs now) {
  Attempt attempt = judge(answer, now);
  if (answer && (answer->status == 400 || answer->status == 422)) {
    attempt.verdict = Attempt::Verdict::refused_for_good;
  }
  return attempt;
}

}  // namespace vitals::notify
