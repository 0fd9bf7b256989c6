#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <vitals/net/server.h>
#include <vitals/telemetry/registry.h>

namespace vitals::test {

/// A handler out of a function; its refusals carry the reason as plain text.
class FunctionHandler final : public net::Handler {
 public:
  using Function = std::function<void(net::Request, net::Respond)>;
  explicit FunctionHandler(Function function) : function_(std::move(function)) {}

  void handle(net::Request request, net::Respond respond) override {
    function_(std::move(request), std::move(respond));
  }
  net::Response refuse(int status, std::string_view reason) const override {
    return {status, "text/plain", std::string(reason), {}};
  }

 private:
  Function function_;
};

/// Answers with the body that was sent.
void echo(net::Request request, net::Respond respond);

/// A server on a free port of loopback with its threads, stopped at the end.
class TestServer {
 public:
  explicit TestServer(FunctionHandler::Function function = &echo, net::ServerOptions options = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url(const std::string& path = "/", const std::string& scheme = "http") const;
  net::Server& server() { return *server_; }
  /// Waits for the threads to end, after a stop().
  void join();
  /// The sample of a metric, as "name{labels}", or -1.
  double metric(const std::string& name_and_labels) const;

 private:
  FunctionHandler handler_;
  telemetry::Registry telemetry_;
  std::unique_ptr<net::Server> server_;
  std::vector<std::thread> threads_;
};

/// A plain TCP connection that sends exactly the bytes it is told to. Reads give up after 20 s, so
/// that a defect is a failure and not a hanging test.
class RawSocket {
 public:
  explicit RawSocket(const net::Server& server, int receive_buffer_bytes = 0);
  ~RawSocket();
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  /// False when the peer has closed.
  bool send(std::string_view bytes);
  void finish_sending();
  /// Whether something, or the end, has come within `timeout_ms`.
  bool readable(int timeout_ms) const;
  /// What comes until `text` has come, or the end.
  std::string read_until(std::string_view text);
  /// What comes until the server closes.
  std::string read_to_end();
  /// Whether the server closes without another byte.
  bool closed();

 private:
  int socket_;
  std::string received_;
};

std::size_t count(std::string_view text, std::string_view part);

}  // namespace vitals::test
