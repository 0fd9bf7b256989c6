#pragma once

#include <deque>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <vitals/net/client.h>

#include "cli/session.h"
#include "support/manual_clock.h"

namespace vitals::test {

/// A daemon that answers what it was told to, in order, and remembers what it was asked.
class RecordedClient final : public net::Client {
 public:
  Result<net::ClientAnswer> call(const net::ClientRequest& request) override {
    asked.push_back(request);
    if (answers.empty()) return Error{Errc::unavailable, "connection refused"};
    auto answer = std::move(answers.front());
    answers.pop_front();
    return answer;
  }
  void will_answer(int status, std::string body,
                   std::multimap<std::string, std::string> headers = {}) {
    answers.emplace_back(net::ClientAnswer{status, std::move(headers), std::move(body)});
  }
  void will_fail(Errc code) { answers.emplace_back(Error{code, "connection reset"}); }

  std::deque<Result<net::ClientAnswer>> answers;
  std::vector<net::ClientRequest> asked;
};

/// Everything a command needs, with what it printed.
struct CommandRig {
  RecordedClient client;
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  cli::Console console{in, out, err};
  cli::Server server{client, "http://127.0.0.1:8610/", "secret"};
  ManualClock clock{1'790'000'000'000};
  std::vector<DurationMs> waits;
  cli::Session session{server, console, clock, [this](DurationMs wait) { waits.push_back(wait); }};
};

}  // namespace vitals::test
