#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <vitals/base/clock.h>
#include <vitals/net/server.h>

#include "traffic.h"

namespace vitals::net {

class Connection;

/// What all workers of a server share; read-only but for the counters.
struct Site {
  Site(const ServerOptions& server_options, Handler& request_handler, Logger log,
       telemetry::Registry& telemetry, const std::string& listener,
       std::unique_ptr<boost::asio::ssl::context> tls_context)
      : options(server_options),
        handler(request_handler),
        logger(std::move(log)),
        traffic(telemetry, listener),
        tls(std::move(tls_context)) {}

  ServerOptions options;
  Handler& handler;
  Logger logger;
  Traffic traffic;
  std::unique_ptr<boost::asio::ssl::context> tls;  ///< null is plain HTTP
  bool loopback = false;
};

/// One I/O thread's event loop and the connections that live on it. Everything but stop() and what
/// goes through io() is called on that thread. Kept alive by answers that are still to come.
class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<Site> site);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Serves until stop() and the end of the drain.
  void run();
  /// Thread-safe.
  void stop(DurationMs drain_ms);

  boost::asio::io_context& io() { return io_; }
  Site& site() { return *site_; }

  /// Takes over an accepted connection, or answers 503 when there are too many.
  void adopt(boost::asio::ip::tcp::socket socket);
  void forget(const std::shared_ptr<Connection>& connection);

  bool draining() const { return drain_until_ms_.has_value(); }
  std::int64_t now_ms() const { return clock_.monotonic_us() / 1000; }
  const std::string& date() const { return date_; }

 private:
  void begin_drain(DurationMs drain_ms);
  void tick();
  void end_when_drained();

  std::shared_ptr<Site> site_;
  SystemClock clock_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  DurationMs tick_ms_;
  std::optional<std::int64_t> drain_until_ms_;
  std::string date_;
  std::unordered_set<std::shared_ptr<Connection>> connections_;
};

}  // namespace vitals::net
