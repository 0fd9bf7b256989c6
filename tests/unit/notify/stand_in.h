#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include <vitals/base/guarded.h>
#include <vitals/net/server.h>
#include <vitals/telemetry/registry.h>

namespace vitals::notify::test {

/// Stands in for an outside service: a real HTTP server on loopback that holds each request against
/// what the service documents, and answers as it does. What is wrong is kept for the test to see.
class StandIn final : public net::Handler {
 public:
  /// "" when the request is good, else what is wrong with it.
  using Check = std::function<std::string(const net::Request&)>;

  StandIn(Check check, net::Response good, net::Response bad);
  ~StandIn() override;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::vector<std::string> faults() const;
  std::vector<net::Request> requests() const;
  /// Of the last request.
  nlohmann::json last_body() const;

  void handle(net::Request request, net::Respond respond) override;
  net::Response refuse(int status, std::string_view reason) const override;

 private:
  struct Seen {
    std::vector<net::Request> requests;
    std::vector<std::string> faults;
  };
  Check check_;
  net::Response good_;
  net::Response bad_;
  std::uint16_t port_ = 0;
  Guarded<Seen> seen_;
  telemetry::Registry telemetry_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

}  // namespace vitals::notify::test
