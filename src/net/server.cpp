#include <atomic>
#include <chrono>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <vitals/net/server.h>

#include "tls.h"
#include "worker.h"

namespace vitals::net {
namespace {

using boost::asio::ip::tcp;
using boost::system::error_code;

constexpr int accepts_max = 256;                        // before other events get their turn
constexpr std::chrono::milliseconds accept_pause{100};  // when file descriptors have run out

Error bind_error(const ServerOptions& options, const error_code& error) {
  const Errc code = error == boost::asio::error::address_in_use  ? Errc::already_exists
                    : error == boost::asio::error::access_denied ? Errc::permission_denied
                                                                 : Errc::invalid_argument;
  return {code,
          fmt::format("Cannot listen on {}:{}: {}", options.host, options.port, error.message())};
}

/// Accepts on the first worker and deals the connections out in turn: a shared port (SO_REUSEPORT)
/// would spread few connections unevenly, and let a second daemon take the same port unnoticed.
class TcpServer final : public Server {
 public:
  explicit TcpServer(const std::shared_ptr<Site>& site) : site_(site) {
    const std::uint32_t threads = std::max(1U, site->options.threads);
    for (std::uint32_t i = 0; i < threads; ++i) workers_.push_back(std::make_shared<Worker>(site));
    acceptor_.emplace(workers_.front()->io());
    accept_timer_.emplace(workers_.front()->io());
  }

  Status bind() {
    const ServerOptions& options = site_->options;
    error_code error;
    tcp::resolver resolver(workers_.front()->io());
    const auto found =
        resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
    if (error) return bind_error(options, error);
    const tcp::endpoint endpoint = found.begin()->endpoint();
    site_->loopback = endpoint.address().is_loopback();
    if (acceptor_->open(endpoint.protocol(), error)) return bind_error(options, error);
    if (acceptor_->set_option(tcp::acceptor::reuse_address(true), error)) {
      return bind_error(options, error);
    }
    if (acceptor_->bind(endpoint, error)) return bind_error(options, error);
    if (acceptor_->listen(tcp::acceptor::max_listen_connections, error)) {
      return bind_error(options, error);
    }
    if (acceptor_->non_blocking(true, error)) return bind_error(options, error);
    port_ = acceptor_->local_endpoint(error).port();
    if (error) return bind_error(options, error);
    accept();
    return {};
  }

  std::uint16_t port() const override { return port_; }

  void run_thread() override {
    const std::size_t mine = running_.fetch_add(1);
    if (mine < workers_.size()) workers_[mine]->run();
  }

  void stop(DurationMs drain_ms) override {
    boost::asio::post(workers_.front()->io(), [this] {
      error_code ignored;  // closed is closed
      acceptor_->close(ignored);
      accept_timer_->cancel();
    });
    for (const auto& worker : workers_) worker->stop(drain_ms);
  }

 private:
  Worker& next_worker() {
    const std::size_t running = std::clamp<std::size_t>(running_, 1, workers_.size());
    return *workers_[turn_++ % running];
  }

  void accept() {
    acceptor_->async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
      if (!error && acceptor_->is_open()) accept_waiting();
    });
  }

  /// Takes many at a time: one per turn of a busy event loop would keep new clients waiting.
  void accept_waiting() {
    for (int i = 0; i < accepts_max; ++i) {
      Worker& worker = next_worker();
      error_code error;
      tcp::socket socket = acceptor_->accept(worker.io(), error);
      if (error == boost::asio::error::would_block) break;
      if (error) return pause(error);
      boost::asio::post(worker.io(), [&worker, accepted = std::move(socket)]() mutable {
        worker.adopt(std::move(accepted));
      });
    }
    accept();
  }

  /// An error is a client that has gone again, or no file descriptors: there is no telling how soon
  /// the next one comes, so this must not spin.
  void pause(const error_code& error) {
    site_->logger->warn("http accept: {}", error.message());
    accept_timer_->expires_after(accept_pause);
    accept_timer_->async_wait([this](const error_code& cancelled) {
      if (!cancelled && acceptor_->is_open()) accept();
    });
  }

  std::shared_ptr<Site> site_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<boost::asio::steady_timer> accept_timer_;
  std::uint16_t port_ = 0;
  std::size_t turn_ = 0;
  std::atomic<std::size_t> running_{0};
};

}  // namespace

Result<std::unique_ptr<Server>> Server::listen(const ServerOptions& options, Handler& handler,
                                               Logger logger, telemetry::Registry& telemetry) {
  std::unique_ptr<boost::asio::ssl::context> tls;
  if (!options.tls_certificate.empty()) {
    auto made = make_tls_context(options.tls_certificate, options.tls_key);
    if (!made) return made.error();
    tls = std::move(made).value();
  }
  const std::string listener = fmt::format("{}:{}", options.host, options.port);
  auto site = std::make_shared<Site>(options, handler, std::move(logger), telemetry, listener,
                                     std::move(tls));
  auto server = std::make_unique<TcpServer>(site);
  if (auto bound = server->bind(); !bound) return bound.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace vitals::net
