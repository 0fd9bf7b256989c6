#include "test_server.h"

#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace vitals::test {

void echo(net::Request request, net::Respond respond) {
  respond({200, "text/plain", std::move(request.body), {}});
}

TestServer::TestServer(FunctionHandler::Function function, net::ServerOptions options)
    : handler_(std::move(function)) {
  options.port = 0;
  auto server = net::Server::listen(options, handler_, quiet_logger(), telemetry_);
  if (!server) throw std::runtime_error(server.error().message);
  server_ = std::move(server).value();
  for (std::uint32_t i = 0; i < options.threads; ++i) {
    threads_.emplace_back([this] { server_->run_thread(); });
  }
}

TestServer::~TestServer() {
  server_->stop(0);
  join();
}

void TestServer::join() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

std::string TestServer::url(const std::string& path, const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(server_->port()) + path;
}

double TestServer::metric(const std::string& name_and_labels) const {
  std::string text;
  telemetry_.write_prometheus(text);
  const std::size_t at = text.find(name_and_labels + " ");
  return at == std::string::npos ? -1 : std::stod(text.substr(at + name_and_labels.size() + 1));
}

RawSocket::RawSocket(const net::Server& server, int receive_buffer_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  const timeval patience{20, 0};
  const int no_delay = 1;
  setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay);
  if (receive_buffer_bytes > 0) {
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the test server");
  }
}

RawSocket::~RawSocket() { ::close(socket_); }

bool RawSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawSocket::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawSocket::readable(int timeout_ms) const {
  pollfd waiting{socket_, POLLIN, 0};
  return ::poll(&waiting, 1, timeout_ms) == 1;
}

std::string RawSocket::read_until(std::string_view text) {
  std::size_t at = 0;
  while ((at = received_.find(text)) == std::string::npos) {
    char buffer[65536];
    const ssize_t bytes = ::recv(socket_, buffer, sizeof buffer, 0);
    if (bytes <= 0) return std::exchange(received_, {});
    received_.append(buffer, static_cast<std::size_t>(bytes));
  }
  std::string found = received_.substr(0, at + text.size());
  received_.erase(0, found.size());
  return found;
}

std::string RawSocket::read_to_end() {
  char buffer[65536];
  while (true) {
    const ssize_t bytes = ::recv(socket_, buffer, sizeof buffer, 0);
    if (bytes == 0) return std::exchange(received_, {});
    if (bytes < 0) throw std::runtime_error("the server has not closed in an orderly way");
    received_.append(buffer, static_cast<std::size_t>(bytes));
  }
}

bool RawSocket::closed() { return read_to_end().empty(); }

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos;
       at += part.size()) {
    ++found;
  }
  return found;
}

}  // namespace vitals::test
