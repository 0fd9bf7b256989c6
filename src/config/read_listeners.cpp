#include <vitals/config/config.h>

#include "sections.h"

namespace vitals::config {
namespace {

/// `out` is the default, too.
void read_address(Section& section, std::string_view key, Address& out) {
  std::string text = format_address(out);
  section.text(key, text);
  const Result<Address> address = parse_address(text);
  if (!address) return section.problem(key, address.error().message);
  out = *address;
}

}  // namespace

void read_listeners(Section& root, Config& config) {
  Address listen{config.http.host, config.http.port};
  read_address(root, "listen", listen);
  config.http.host = listen.host;
  config.http.port = listen.port;
  if (root.is("otlp_listen", "off")) {
    config.otlp_listen.reset();
  } else {
    read_address(root, "otlp_listen", *config.otlp_listen);
  }
  root.flag("insecure", config.insecure);
  Section tls = root.section("tls");
  tls.text("certificate", config.http.tls_certificate);
  tls.text("key", config.http.tls_key);
  if (config.http.tls_certificate.empty() != config.http.tls_key.empty()) {
    tls.problem("", "needs both certificate and key");
  }
}

void read_http(Section section, net::ServerOptions& http) {
  section.count("threads", http.threads, 1, 256);
  section.count("connections_max", http.connections_max, 1, 1'000'000);
  section.bytes("header_max", http.header_bytes_max, 1 << 10, 1 << 20);
  section.bytes("body_max", http.body_bytes_max, 1 << 10, 1ULL << 30);
  section.duration("header_timeout", http.header_timeout_ms, 100, 3'600'000);
  section.duration("body_timeout", http.body_timeout_ms, 100, 3'600'000);
  section.duration("idle_timeout", http.idle_timeout_ms, 100, 86'400'000);
  section.duration("write_timeout", http.write_timeout_ms, 100, 3'600'000);
  section.bytes("compress_min", http.compress_bytes_min, 0);
}

}  // namespace vitals::config
