#include "stand_in.h"

namespace vitals::notify::test {

StandIn::StandIn(Check check, net::Response good, net::Response bad)
    : check_(std::move(check)), good_(std::move(good)), bad_(std::move(bad)) {
  listen();
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

}  // namespace vitals::notify::test
