#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <vitals/base/guarded.h>

#include "loopback.h"

namespace vitals::notify::test {

/// Stands in for an outside service: a real HTTP server on loopback that holds each request against
/// what the service documents, and answers as it does. What is wrong is kept for the test to see.
class StandIn final : public Loopback {
 public:
  /// "" when the request is good, else what is wrong with it.
  using Check = std::function<std::string(const net::Request&)>;

  StandIn(Check check, net::Response good, net::Response bad);
  ~StandIn() override { close(); }

  std::string url() const { return base_url(); }
  std::vector<std::string> faults() const;
  std::vector<net::Request> requests() const;
  /// Of the last request.
  nlohmann::json last_body() const;

  void handle(net::Request request, net::Respond respond) override;

 private:
  struct Seen {
    std::vector<net::Request> requests;
    std::vector<std::string> faults;
  };
  Check check_;
  net::Response good_;
  net::Response bad_;
  Guarded<Seen> seen_;
};

}  // namespace vitals::notify::test
