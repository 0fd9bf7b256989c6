#include "stand_in.h"

#include <stdexcept>

namespace vitals::notify::test {

StandIn::StandIn(Check check, net::Response good, net::Response bad)
    : check_(std::move(check)), good_(std::move(good)), bad_(std::move(bad)) {
  net::ServerOptions options;
  options.port = 0;
  options.threads = 1;
  auto server = net::Server::listen(options, *this, quiet_logger(), telemetry_);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = *std::move(server);
  port_ = server_->port();
  thread_ = std::thread([this] { server_->run_thread(); });
}

StandIn::~StandIn() {
  server_->stop(0);
  thread_.join();
}

std::vector<std::string> StandIn::faults() const {
  return seen_.with([](const Seen& seen) { return seen.faults; });
}

std::vector<net::Request> StandIn::requests() const {
  return seen_.with([](const Seen& seen) { return seen.requests; });
}

nlohmann::json StandIn::last_body() const { return nlohmann::json::parse(requests().back().body); }

void StandIn::handle(net::Request request, net::Respond respond) {
  std::string fault = check_(request);
  const bool good = fault.empty();
  seen_.with([&](Seen& seen) {
    seen.requests.push_back(std::move(request));
    if (!good) seen.faults.push_back(std::move(fault));
  });
  respond(good ? good_ : bad_);
}

net::Response StandIn::refuse(int status, std::string_view reason) const {
  return {status, "text/plain", std::string(reason), {}};
}

}  // namespace vitals::notify::test
