#pragma once

#include <memory>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace vitals::net {

/// A TCP connection, with TLS over it when a context is given. One thread.
class Stream {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Stream(Socket socket, boost::asio::ssl::context* tls) : socket_(std::move(socket)) {
    if (tls != nullptr) tls_ = std::make_unique<Tls>(socket_, *tls);
  }

  bool is_secure() const { return tls_ != nullptr; }
  Socket& socket() { return socket_; }

  /// Only when is_secure().
  template <class Done>
  void async_handshake(Done&& done) {
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::forward<Done>(done));
  }

  template <class Done>
  void async_read_some(boost::asio::mutable_buffer to, Done&& done) {
    if (tls_) return tls_->async_read_some(to, std::forward<Done>(done));
    socket_.async_read_some(to, std::forward<Done>(done));
  }

  /// `progress(error, bytes so far)` is asked before each system call, as a completion condition.
  template <class Buffers, class Progress, class Done>
  void async_write(const Buffers& from, Progress&& progress, Done&& done) {
    if (tls_) {
      return boost::asio::async_write(*tls_, from, std::forward<Progress>(progress),
                                      std::forward<Done>(done));
    }
    boost::asio::async_write(socket_, from, std::forward<Progress>(progress),
                             std::forward<Done>(done));
  }

  /// Says that nothing more will be sent; with TLS, `done` comes after the peer's goodbye.
  template <class Done>
  void async_say_goodbye(Done&& done) {
    if (tls_) return tls_->async_shutdown(std::forward<Done>(done));
    boost::asio::post(socket_.get_executor(),
                      [done = std::forward<Done>(done)]() mutable { done({}); });
  }

  /// Ends a pending read or write with an error.
  void cancel() {
    boost::system::error_code ignored;  // a socket that is gone has nothing pending
    socket_.cancel(ignored);
  }

  void shutdown_send() {
    boost::system::error_code ignored;  // the peer may have been faster
    socket_.shutdown(Socket::shutdown_send, ignored);
  }

  void close() {
    boost::system::error_code ignored;  // closed is closed
    socket_.close(ignored);
  }

 private:
  using Tls = boost::asio::ssl::stream<Socket&>;

  Socket socket_;
  std::unique_ptr<Tls> tls_;
};

}  // namespace vitals::net
