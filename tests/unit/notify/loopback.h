#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <vitals/net/server.h>
#include <vitals/telemetry/registry.h>

namespace vitals::notify::test {

/// A real HTTP server on loopback with one thread, for receivers of the tests. What derives from it
/// closes it before its own members end.
class Loopback : public net::Handler {
 public:
  net::Response refuse(int status, std::string_view reason) const override;

 protected:
  /// On a free port at first, then on the same again.
  void listen();
  void close();
  /// Without a path.
  std::string base_url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  std::uint16_t port_ = 0;
  telemetry::Registry telemetry_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;
};

}  // namespace vitals::notify::test
