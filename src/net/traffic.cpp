#include "traffic.h"

namespace vitals::net {
namespace {

struct Name {
  int status;
  const char* reason;
};

constexpr std::array<Name, 12> reasons{{{400, "malformed"},
                                        {408, "timeout"},
                                        {411, "length_required"},
                                        {413, "body_too_large"},
                                        {414, "target_too_long"},
                                        {415, "content_coding"},
                                        {417, "expectation"},
                                        {431, "header_too_large"},
                                        {501, "not_implemented"},
                                        {503, "overload"},
                                        {505, "version"},
                                        {0, "other"}}};

}  // namespace

Traffic::Traffic(telemetry::Registry& registry, const std::string& listener)
    : open_(std::make_shared<std::atomic<std::uint32_t>>(0)),
      pending_body_bytes_(std::make_shared<std::atomic<std::uint64_t>>(0)) {
  for (std::size_t i = 1; i < answered_.size(); ++i) {
    answered_.at(i) =
        &registry.counter("vitals_http_requests_total", "HTTP answers by status class.",
                          {{"listener", listener}, {"class", std::to_string(i) + "xx"}});
  }
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    refused_.at(i) = {
        reasons.at(i).status,
        &registry.counter("vitals_http_refused_total",
                          "HTTP messages and connections refused before any handler.",
                          {{"listener", listener}, {"reason", reasons.at(i).reason}})};
  }
  registry.gauge_from(
      "vitals_http_connections", "Open HTTP connections.",
      [open = open_] { return static_cast<double>(open->load(std::memory_order_relaxed)); },
      {{"listener", listener}});
  registry.gauge_from("vitals_http_pending_body_bytes",
                      "Memory held by HTTP bodies that are still coming in.",
                      [bytes = pending_body_bytes_] {
                        return static_cast<double>(bytes->load(std::memory_order_relaxed));
                      },
                      {{"listener", listener}});
}

void Traffic::answered(int status) noexcept {
  const auto status_class = static_cast<std::size_t>(status / 100);
  if (status_class >= 1 && status_class < answered_.size()) answered_[status_class]->add();
}

void Traffic::refused(int status) noexcept {
  for (const Reason& reason : refused_) {
    if (reason.status == status || reason.status == 0) return reason.count->add();
  }
}

}  // namespace vitals::net
