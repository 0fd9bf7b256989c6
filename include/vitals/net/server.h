#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <vitals/base/clock.h>
#include <vitals/base/log.h>
#include <vitals/base/result.h>
#include <vitals/net/message.h>
#include <vitals/telemetry/registry.h>

namespace vitals::net {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8610;  ///< 0 takes a free one
  std::uint32_t threads = 2;  ///< that run_thread() is expected to be called on
  std::uint32_t connections_max = 4096;
  std::uint32_t header_bytes_max = 16 << 10;
  std::uint64_t body_bytes_max = 24ULL << 20;           ///< also after decompression
  std::uint64_t pending_body_bytes_max = 128ULL << 20;  ///< all bodies half received; more get 503
  DurationMs header_timeout_ms = 10'000;  ///< from the first byte to the end of the header
  DurationMs body_timeout_ms = 10'000;    ///< without progress; total is bounded by a minimum rate
  DurationMs idle_timeout_ms = 75'000;    ///< between requests
  DurationMs write_timeout_ms = 10'000;   ///< without progress
  std::uint64_t compress_bytes_min = 1024;  ///< smaller answers are not compressed
  std::string tls_certificate;              ///< PEM chain file; "" is plain HTTP
  std::string tls_key;
};

/// HTTP/1.1 server: keep-alive, pipelining, chunked and compressed bodies, limits. Refuses what is
/// ambiguous before Beast sees it, and closes after every broken message.
class Server {
 public:
  /// Binds at once. The handler must outlive the server.
  static Result<std::unique_ptr<Server>> listen(const ServerOptions& options, Handler& handler,
                                                Logger logger, telemetry::Registry& telemetry);
  virtual ~Server() = default;

  /// The bound port. Thread-safe.
  virtual std::uint16_t port() const = 0;

  /// Serves until stop(); to be called on each of the I/O threads, which `app` owns.
  virtual void run_thread() = 0;

  /// Stops accepting, lets requests in flight finish (up to `drain_ms`), closes the rest, and makes
  /// run_thread() return. Thread-safe.
  virtual void stop(DurationMs drain_ms) = 0;
};

}  // namespace vitals::net
