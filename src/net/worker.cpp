#include "worker.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include <boost/asio/post.hpp>

#include "answer_text.h"
#include "connection.h"

namespace vitals::net {
namespace {

constexpr DurationMs tick_ms_max = 250;
constexpr DurationMs drain_tick_ms = 10;
// So many connections beyond the limit still get a 503; the next ones are just closed.
constexpr std::uint32_t refused_connections_max = 256;

/// Deadlines are looked at a few times per shortest time-out.
DurationMs tick_for(const ServerOptions& options) {
  const DurationMs shortest = std::min({options.header_timeout_ms, options.body_timeout_ms,
                                        options.idle_timeout_ms, options.write_timeout_ms});
  return std::clamp<DurationMs>(shortest / 8, 1, tick_ms_max);
}

}  // namespace

Worker::Worker(std::shared_ptr<Site> site)
    : site_(std::move(site)),
      work_(io_.get_executor()),
      timer_(io_),
      tick_ms_(tick_for(site_->options)) {}

Worker::~Worker() = default;

void Worker::run() {
  tick();
  while (true) {
    try {
      io_.run();
      return;
    } catch (const std::exception& error) {  // a defect must not take the other connections along
      site_->logger->error("http worker: {}", error.what());
    }
  }
}

void Worker::stop(DurationMs drain_ms) {
  // It must not own the worker: left behind in a loop that has ended, it would keep both for ever.
  boost::asio::post(io_, [this, drain_ms] { begin_drain(drain_ms); });
}

void Worker::adopt(boost::asio::ip::tcp::socket socket) {
  const std::uint32_t open = site_->traffic.open();
  const std::uint32_t open_max = site_->options.connections_max;
  if (draining() || open >= open_max + refused_connections_max) {
    if (!draining()) site_->traffic.refused(503);
    return;  // the socket closes
  }
  boost::system::error_code ignored;  // only a matter of speed
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  auto connection = std::make_shared<Connection>(*this, std::move(socket));
  connections_.insert(connection);
  site_->traffic.opened();
  connection->start(open < open_max);
}

void Worker::forget(const std::shared_ptr<Connection>& connection) {
  if (connections_.erase(connection) == 1) site_->traffic.closed();
  end_when_drained();
}

void Worker::begin_drain(DurationMs drain_ms) {
  const std::int64_t until = now_ms() + drain_ms;
  drain_until_ms_ = std::min(drain_until_ms_.value_or(until), until);
  tick();
}

void Worker::tick() {
  date_ = http_date(clock_.now_ms() / 1000);
  const std::int64_t now = now_ms();
  const bool out_of_time = draining() && now >= *drain_until_ms_;
  // A copy: connections leave the set while it is walked.
  const std::vector<std::shared_ptr<Connection>> all(connections_.begin(), connections_.end());
  for (const auto& connection : all) {
    if (out_of_time) {
      connection->close();
    } else if (draining()) {
      connection->drain();
    }
    connection->check_deadline(now);
  }
  end_when_drained();
  if (!work_.owns_work()) return;
  timer_.expires_after(std::chrono::milliseconds(draining() ? drain_tick_ms : tick_ms_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

void Worker::end_when_drained() {
  if (!draining() || !connections_.empty()) return;
  work_.reset();
  timer_.cancel();
}

}  // namespace vitals::net
