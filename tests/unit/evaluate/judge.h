#pragma once

#include <functional>
#include <string>
#include <vector>

#include <vitals/base/guarded.h>

#include "unit/notify/loopback.h"

namespace vitals::evaluate::test {

/// An evaluator behind a real HTTP server on loopback, that answers what it is told to.
class Judge final : public notify::test::Loopback {
 public:
  /// The answer to the n-th request (from 0); one with the status 0 never comes.
  using Script = std::function<net::Response(std::size_t nth)>;

  Judge();
  ~Judge() override { close(); }

  std::string url() const { return base_url() + "/assess"; }
  /// From now on; the count starts anew.
  void follow(Script script);
  void answer(int status, const std::string& body = "");
  /// Answers those whose answers had not come.
  void answer_late(const net::Response& response);
  /// Nobody listens, until up() takes the same port again.
  void down() { close(); }
  void up() { listen(); }

  std::vector<net::Request> requests() const;
  /// The executions asked about, in order of the requests.
  std::vector<std::string> asked() const;

  void handle(net::Request request, net::Respond respond) override;

 private:
  struct State {
    Script script;
    std::size_t count = 0;
    std::vector<net::Request> requests;
    std::vector<net::Respond> hanging;
  };
  Guarded<State> state_;
};

}  // namespace vitals::evaluate::test
