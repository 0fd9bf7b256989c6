#include "foreign_page.h"

#include <vitals/net/loopback.h>

namespace vitals::api {

std::string_view foreign_page(const net::Request& request) {
  // A page can make its own name mean this host (DNS rebinding), and then read answers as well.
  const std::string_view host = request.header("host");
  if (request.loopback && !host.empty() && !net::is_loopback_authority(host)) {
    return "without tokens, a loopback listener answers only to 127.0.0.1, [::1] and localhost";
  }
  if (request.method == "GET" || request.method == "HEAD") return {};
  const std::string_view site = request.header("sec-fetch-site");
  const bool from_elsewhere = !site.empty() && site != "none" && site != "same-origin";
  if (from_elsewhere || !request.header("origin").empty()) {
    return "without tokens, web pages may not write";
  }
  return {};
}

}  // namespace vitals::api
