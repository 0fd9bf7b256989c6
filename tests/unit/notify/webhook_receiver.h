#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <vitals/base/guarded.h>

#include "loopback.h"

namespace vitals::notify::test {

/// A delivery as the receiver saw it.
struct Received {
  std::string id;
  std::string timestamp;
  std::string signature;
  std::string idempotency_key;
  std::string content_type;
  std::string body;
  int answered = 0;
};

/// A receiver of webhooks behind a real HTTP server on loopback, that answers what it is told to.
class WebhookReceiver final : public Loopback {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  /// The status for the n-th call (from 0), and headers to send; 0 never answers.
  using Script = std::function<std::pair<int, Headers>(std::size_t)>;

  WebhookReceiver();
  ~WebhookReceiver() override { close(); }

  /// 200 to everything from now on, or what the script says; the count starts anew.
  void follow(Script script);
  void answer(int status, Headers headers = {});
  /// Nobody listens, until up() takes the same port again.
  void down() { close(); }
  void up() { listen(); }

  std::string url() const { return base_url() + "/hook"; }
  std::vector<Received> received() const;
  std::vector<Received> accepted() const;  ///< those answered with 2xx

  void handle(net::Request request, net::Respond respond) override;

 private:
  struct State {
    Script script;
    std::size_t calls = 0;
    std::vector<Received> received;
    std::vector<net::Respond> hanging;
  };
  Guarded<State> state_;
};

}  // namespace vitals::notify::test
