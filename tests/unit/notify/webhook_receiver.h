#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <vitals/base/guarded.h>
#include <vitals/net/server.h>
#include <vitals/telemetry/registry.h>

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
class WebhookReceiver final : public net::Handler {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;
  /// The status for the n-th call (from 0), and headers to send; 0 never answers.
  using Script = std::function<std::pair<int, Headers>(std::size_t)>;

  WebhookReceiver();
  ~WebhookReceiver() override;

  /// 200 to everything from now on, or what the script says; the count starts anew.
  void follow(Script script);
  void answer(int status, Headers headers = {});
  /// Nobody listens, until up() takes the same port again.
  void down();
  void up();

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  std::vector<Received> received() const;
  std::vector<Received> accepted() const;  ///< those answered with 2xx

  void handle(net::Request request, net::Respond respond) override;
  net::Response refuse(int status, std::string_view reason) const override;

 private:
  struct State {
    Script script;
    std::size_t calls = 0;
    std::vector<Received> received;
    std::vector<net::Respond> hanging;
  };
  std::uint16_t port_ = 0;
  Guarded<State> state_;
  telemetry::Registry telemetry_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

}  // namespace vitals::notify::test
