#include "connection.h"

#include <algorithm>
#include <array>

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include "responder.h"
#include "worker.h"

namespace vitals::net {
namespace {

using boost::system::error_code;

constexpr DurationMs linger_ms = 2'000;
constexpr std::int64_t bytes_per_s_min = 4096;
constexpr std::size_t write_bytes_max = 256 << 10;      // per system call
constexpr std::size_t encode_bytes = 256 << 10;         // before others get their turn
constexpr std::size_t small_body_bytes_max = 16 << 10;  // copied behind the header

}  // namespace

Connection::Connection(Worker& worker, Stream::Socket socket)
    : worker_(worker),
      stream_(std::move(socket), worker.site().tls.get()),
      reader_({worker.site().options.header_bytes_max, worker.site().options.body_bytes_max}) {
  error_code gone;  // the peer may have left already
  const auto peer = stream_.socket().remote_endpoint(gone);
  if (!gone) peer_ = peer.address().to_string();
}

void Connection::start(bool served) {
  if (!served) {
    if (!stream_.is_secure()) return refuse({503, "There are too many connections."});
    worker_.site().traffic.refused(503);
    return close();  // a handshake is what an overload must not cost
  }
  if (!stream_.is_secure()) return read();
  phase_ = Phase::handshake;
  deadline_ms_ = worker_.now_ms() + worker_.site().options.header_timeout_ms;
  stream_.async_handshake([self = shared_from_this()](const error_code& error) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    self->read();
  });
}

std::int64_t Connection::progress_deadline(std::int64_t started_ms, std::uint64_t bytes,
                                           std::int64_t timeout_ms) const {
  const auto allowed_ms = static_cast<std::int64_t>(bytes) * 1000 / bytes_per_s_min;
  return std::min(worker_.now_ms(), started_ms + allowed_ms) + timeout_ms;
}

std::int64_t Connection::read_deadline() {
  const ServerOptions& options = worker_.site().options;
  const std::int64_t now = worker_.now_ms();
  if (!reader_.begun()) {
    stage_started_ms_ = 0;
    return now + (served_before_ ? options.idle_timeout_ms : options.header_timeout_ms);
  }
  const bool is_body = reader_.state() == RequestReader::State::body;
  if (stage_started_ms_ == 0 || stage_is_body_ != is_body) {
    stage_started_ms_ = now;
    stage_is_body_ = is_body;
    stage_bytes_ = 0;
  }
  if (!is_body) return stage_started_ms_ + options.header_timeout_ms;
  return progress_deadline(stage_started_ms_, stage_bytes_, options.body_timeout_ms);
}

void Connection::read() {
  phase_ = Phase::reading;
  deadline_ms_ = read_deadline();
  const std::span<char> space = reader_.space();
  stream_.async_read_some(boost::asio::buffer(space.data(), space.size()),
                          [self = shared_from_this()](const error_code& error, std::size_t bytes) {
                            self->on_read(static_cast<bool>(error), bytes);
                          });
}

void Connection::on_read(bool failed, std::size_t bytes) {
  if (phase_ == Phase::closed) return;
  if (timed_out_) return refuse({408, "The request did not arrive in time."});
  if (failed) return close();
  stage_bytes_ += bytes;
  reader_.received(bytes);
  if (!account_body()) {
    return refuse({503, "The server is busy receiving other requests."});
  }
  go_on();
}

bool Connection::account_body() {
  const std::size_t bytes = reader_.pending_body_bytes();
  const std::size_t before = std::exchange(accounted_body_bytes_, bytes);
  if (bytes == before) return true;
  Site& site = worker_.site();
  site.traffic.change_pending_body_bytes(before, bytes);
  return bytes < before || site.traffic.pending_body_bytes() <= site.options.pending_body_bytes_max;
}

void Connection::go_on() {
  switch (reader_.state()) {
    case RequestReader::State::complete:
      return handle();
    case RequestReader::State::refused:
      return refuse(reader_.refusal());
    case RequestReader::State::head:
    case RequestReader::State::body:
      break;
  }
  if (worker_.draining() && !reader_.begun()) return close();
  if (reader_.take_continue()) return send_continue();
  read();
}

void Connection::send_continue() {
  static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
  deadline_ms_ = read_deadline();
  stream_.async_write(boost::asio::buffer(text.data(), text.size()), boost::asio::transfer_all(),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        if (self->phase_ == Phase::closed) return;
                        if (error) return self->close();
                        self->read();
                      });
}

void Connection::handle() {
  phase_ = Phase::handling;
  deadline_ms_ = 0;
  Request request = reader_.take();
  plan_.keep_alive = reader_.keep_alive();
  plan_.head = reader_.is_head();
  plan_.coding = choose_coding(request.header("accept-encoding"));
  request.peer = peer_;
  request.loopback = worker_.site().loopback;
  Respond respond = make_respond(worker_.shared_from_this(), weak_from_this());
  try {
    worker_.site().handler.handle(std::move(request), std::move(respond));
  } catch (const std::exception& error) {  // its Respond is gone with it, so a 500 is on its way
    worker_.site().logger->error("http handler: {}", error.what());
  }
}

void Connection::answer(std::optional<Response> response) {
  if (phase_ != Phase::handling) return;
  if (!response) {
    response = worker_.site().handler.refuse(500, "The server lost the request.");
  }
  served_before_ = true;
  if (worker_.draining()) plan_.keep_alive = false;
  send(*std::move(response));
}

void Connection::refuse(Refusal refusal) {
  worker_.site().traffic.refused(refusal.status);
  plan_ = {};
  plan_.head = reader_.is_head();
  reader_.give_up();
  account_body();
  Response response = worker_.site().handler.refuse(refusal.status, refusal.reason);
  if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");
  send(std::move(response));
}

void Connection::send(Response response) {
  response_ = std::move(response);
  worker_.site().traffic.answered(response_.status);
  if (!may_have_body(response_.status)) response_.body.clear();
  varies_by_coding_ = is_compressible(response_, worker_.site().options.compress_bytes_min);
  if (!varies_by_coding_) plan_.coding = ContentCoding::identity;
  encoder_ = make_content_encoder(plan_.coding);
  if (!encoder_) return write();
  phase_ = Phase::encoding;
  deadline_ms_ = 0;
  encoded_.clear();
  encode(0);
}

void Connection::encode(std::size_t done_bytes) {
  const std::size_t bytes = std::min(encode_bytes, response_.body.size() - done_bytes);
  const bool last = done_bytes + bytes == response_.body.size();
  const std::string_view piece(response_.body.data() + done_bytes, bytes);
  if (!encoder_->encode(piece, last, encoded_)) {
    plan_.coding = ContentCoding::identity;
    return write();
  }
  if (last) {
    response_.body = std::move(encoded_);
    return write();
  }
  boost::asio::post(stream_.socket().get_executor(),
                    [self = shared_from_this(), next = done_bytes + bytes] {
                      if (self->phase_ == Phase::encoding) self->encode(next);
                    });
}

void Connection::write() {
  phase_ = Phase::writing;
  encoder_.reset();
  head_ = answer_head(response_, response_.body.size(), plan_, varies_by_coding_, worker_.date());
  if (plan_.head) response_.body.clear();
  if (response_.body.size() <= small_body_bytes_max) {
    head_ += response_.body;
    response_.body.clear();
  }
  stage_started_ms_ = worker_.now_ms();
  const DurationMs timeout_ms = worker_.site().options.write_timeout_ms;
  const auto progress = [this, timeout_ms](const error_code& error, std::size_t written) {
    if (error || phase_ != Phase::writing) return std::size_t{0};
    deadline_ms_ = progress_deadline(stage_started_ms_, written, timeout_ms);
    return write_bytes_max;
  };
  const std::array<boost::asio::const_buffer, 2> buffers{boost::asio::buffer(head_),
                                                         boost::asio::buffer(response_.body)};
  stream_.async_write(buffers, progress,
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                        self->on_written(static_cast<bool>(error));
                      });
}

void Connection::on_written(bool failed) {
  if (phase_ == Phase::closed) return;
  if (failed) return close();
  std::string().swap(response_.body);  // an idle connection keeps no answer's memory
  std::string().swap(encoded_);
  if (!plan_.keep_alive || worker_.draining()) return say_goodbye();
  stage_started_ms_ = 0;
  reader_.go_on();
  go_on();
}

void Connection::say_goodbye() {
  phase_ = Phase::closing;
  deadline_ms_ = worker_.now_ms() + linger_ms;
  stream_.async_say_goodbye([self = shared_from_this()](const error_code&) {
    if (self->phase_ == Phase::closed) return;
    self->stream_.shutdown_send();
    self->linger();
  });
}

/// Reads on for a moment: closing with unread bytes would reset the connection and could take the
/// answer away from the client (RFC 9112 section 9.6).
void Connection::linger() {
  const std::span<char> space = reader_.space();
  stream_.socket().async_read_some(
      boost::asio::buffer(space.data(), space.size()),
      [self = shared_from_this()](const error_code& error, std::size_t) {
        if (self->phase_ == Phase::closed) return;
        if (error) return self->close();
        self->linger();
      });
}

void Connection::check_deadline(std::int64_t now_ms) {
  if (deadline_ms_ == 0 || now_ms < deadline_ms_ || phase_ == Phase::closed) return;
  const bool can_answer = phase_ == Phase::reading && reader_.begun() && !stream_.is_secure();
  if (!can_answer) {
    if (phase_ == Phase::reading && reader_.begun()) worker_.site().traffic.refused(408);
    return close();
  }
  timed_out_ = true;  // the cancelled read answers
  deadline_ms_ = now_ms + linger_ms;
  stream_.cancel();
}

void Connection::drain() {
  const bool idle = phase_ == Phase::reading && !reader_.begun();
  if (idle || phase_ == Phase::handshake) close();
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  deadline_ms_ = 0;
  reader_.give_up();
  account_body();
  stream_.close();
  worker_.forget(shared_from_this());
}

}  // namespace vitals::net
