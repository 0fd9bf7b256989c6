#include "loopback.h"

#include <stdexcept>

namespace vitals::notify::test {

void Loopback::listen() {
  net::ServerOptions options;
  options.port = port_;
  options.threads = 1;
  auto server = net::Server::listen(options, *this, quiet_logger(), telemetry_);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = *std::move(server);
  port_ = server_->port();
  thread_ = std::thread([this] { server_->run_thread(); });
}

void Loopback::close() {
  if (server_ == nullptr) return;
  server_->stop(0);
  thread_.join();
  server_.reset();
}

net::Response Loopback::refuse(int status, std::string_view reason) const {
  return {status, "text/plain", std::string(reason), {}};
}

}  // namespace vitals::notify::test
