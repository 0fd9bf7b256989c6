#include "request_reader.h"

#include <algorithm>

#include "head_parser.h"
#include "target.h"

namespace vitals::net {
namespace {

constexpr std::size_t input_bytes_first = 4 << 10;
constexpr std::size_t input_bytes_max = 64 << 10;  // while a body comes through it
constexpr std::size_t input_bytes_kept = 16 << 10;
constexpr std::size_t body_bytes_first = 8 << 10;
constexpr std::size_t body_read_bytes_max = 256 << 10;

}  // namespace

bool RequestReader::reads_into_body() const {
  return state_ == State::body && !chunked_ && !decoder_;
}

std::span<char> RequestReader::space() { return reads_into_body() ? body_space() : input_space(); }

/// Doubles what has come, so a sender gets memory only for what it sends.
std::span<char> RequestReader::body_space() {
  std::string& body = request_.body;
  const std::uint64_t room = std::clamp(body_bytes_, body_bytes_first, body_read_bytes_max);
  const std::size_t wanted = body_bytes_ + static_cast<std::size_t>(std::min(room, remaining_));
  if (body.capacity() < wanted) {
    const std::uint64_t whole = body_bytes_ + remaining_;
    const std::uint64_t grown = std::max<std::uint64_t>(wanted, 4 * body_bytes_);
    // A new string, as reserve() on one that holds something may take twice what it is told.
    std::string roomier;
    roomier.reserve(static_cast<std::size_t>(std::min(whole, grown)));
    roomier.append(body, 0, body_bytes_);
    body.swap(roomier);
  }
  if (body.size() < wanted) body.resize(wanted);
  return {body.data() + body_bytes_, wanted - body_bytes_};
}

std::span<char> RequestReader::input_space() {
  if (begin_ > 0) {
    std::copy(input_.begin() + static_cast<std::ptrdiff_t>(begin_),
              input_.begin() + static_cast<std::ptrdiff_t>(end_), input_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == input_.size()) {
    const std::size_t wanted = std::max(input_bytes_first, 2 * input_.size());
    // A header is refused before it fills header_bytes_max, a chunk line long before that.
    input_.resize(std::min(wanted, std::max(input_bytes_max, limits_.header_bytes_max)));
  }
  return {input_.data() + end_, input_.size() - end_};
}

void RequestReader::received(std::size_t bytes) {
  if (reads_into_body()) {
    body_bytes_ += bytes;
    remaining_ -= bytes;
    if (remaining_ == 0) complete();
    return;
  }
  end_ += bytes;
  advance();
}

void RequestReader::go_on() {
  state_ = State::head;
  request_ = Request{};
  scan_ = HeadScan{};
  skipped_empty_line_ = false;
  is_head_ = false;
  body_bytes_ = 0;
  chunked_.reset();
  decoder_.reset();
  if (begin_ == end_ && input_.size() > input_bytes_kept) {
    std::string().swap(input_);
    begin_ = end_ = 0;
  }
  advance();
}

bool RequestReader::take_continue() {
  const bool waits = expects_continue_ && state_ == State::body;
  expects_continue_ = false;
  return waits;
}

void RequestReader::refuse(const Refusal& refusal) {
  state_ = State::refused;
  refusal_ = refusal;
  keep_alive_ = false;
  std::string().swap(request_.body);  // assigning a short string would keep the memory
  request_ = Request{};
  begin_ = end_ = 0;  // there must always be space() for what is read and thrown away
}

void RequestReader::advance() {
  if (state_ == State::head) read_head();
  if (state_ != State::body) return;
  if (chunked_) {
    read_chunked_body();
  } else {
    read_sized_body();
  }
}

void RequestReader::read_head() {
  // One empty line before a request is let pass (RFC 9112 section 2.2).
  if (!skipped_empty_line_ && unread().substr(0, 2) == "\r\n") {
    begin_ += 2;
    skipped_empty_line_ = true;
  }
  if (unread().empty() || unread() == "\r") return;
  if (auto refusal = find_head_end(unread(), limits_.header_bytes_max, scan_)) {
    return refuse(*refusal);
  }
  if (scan_.head_bytes == 0) return;

  const std::string_view head = unread().substr(0, scan_.head_bytes);
  Framing framing;
  if (auto refusal = check_head(head, framing)) return refuse(*refusal);
  if (auto refusal = parse_head(head, framing, request_)) return refuse(*refusal);
  if (auto refusal = read_target(framing, request_)) return refuse(*refusal);
  keep_alive_ = framing.keep_alive;
  is_head_ = framing.method == "HEAD";
  begin_body(framing);
}

void RequestReader::begin_body(const Framing& framing) {
  remaining_ = framing.content_length.value_or(0);
  begin_ += scan_.head_bytes;  // the views of `framing` stay valid: nothing moves here
  if (!framing.chunked && remaining_ == 0) return complete();
  if (remaining_ > limits_.body_bytes_max) return refuse({413, "The body is too large."});
  if (auto refusal = make_content_decoder(request_.header("content-encoding"), decoder_)) {
    return refuse(*refusal);
  }
  if (framing.chunked) chunked_.emplace();
  expects_continue_ = framing.expects_continue && unread().empty();
  state_ = State::body;
}

bool RequestReader::add_to_body(std::string_view payload) {
  if (decoder_) {
    if (auto refusal = decoder_->decode(payload, limits_.body_bytes_max, request_.body)) {
      refuse(*refusal);
      return false;
    }
  } else if (request_.body.size() + payload.size() > limits_.body_bytes_max) {
    refuse({413, "The body is too large."});
    return false;
  } else {
    request_.body.append(payload);
  }
  return true;
}

void RequestReader::read_sized_body() {
  const std::string_view payload =
      unread().substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, end_)));
  begin_ += payload.size();
  remaining_ -= payload.size();
  if (!add_to_body(payload)) return;
  body_bytes_ = request_.body.size();
  if (remaining_ == 0) complete();
}

void RequestReader::read_chunked_body() {
  while (!chunked_->finished()) {
    const ChunkedDecoder::Step step = chunked_->take(unread());
    if (chunked_->refusal()) return refuse(*chunked_->refusal());
    if (step.taken == 0) return;
    begin_ += step.taken;
    if (!step.payload.empty() && !add_to_body(step.payload)) return;
  }
  complete();
}

void RequestReader::complete() {
  if (decoder_) {
    if (auto refusal = decoder_->finish()) return refuse(*refusal);
  } else if (!chunked_) {
    request_.body.resize(body_bytes_);
  }
  state_ = State::complete;
}

}  // namespace vitals::net
