#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <vitals/net/message.h>

#include "chunked.h"
#include "content_decoder.h"
#include "framing.h"

namespace vitals::net {

struct ReadLimits {
  std::size_t header_bytes_max;
  std::uint64_t body_bytes_max;
};

/// Makes whole requests out of received bytes, however they are cut, without any I/O:
///
///     read into space(), say received(n), look at state():
///       head, body → read more; complete → take(), answer, go_on(); refused → answer, close.
///
/// A long body goes straight into the request, in a buffer that grows only as bytes arrive.
/// After a refusal the rest of the connection is not looked at any more.
class RequestReader {
 public:
  enum class State { head, body, complete, refused };

  explicit RequestReader(const ReadLimits& limits) : limits_(limits) {}

  State state() const { return state_; }
  const Refusal& refusal() const { return refusal_; }

  /// Where the next bytes go. Valid until the next call.
  std::span<char> space();
  void received(std::size_t bytes);

  /// Whether bytes of a request are there already.
  bool begun() const { return state_ != State::head || begin_ < end_; }
  /// Memory in use for a body that is not complete yet.
  std::size_t pending_body_bytes() const {
    return state_ == State::body ? request_.body.capacity() : 0;
  }
  /// Whether the sender waits for "100 Continue"; true once.
  bool take_continue();

  /// From the end of the header on: how the connection goes on, and what it was asked with.
  bool keep_alive() const { return keep_alive_; }
  bool is_head() const { return is_head_; }

  /// The complete request; go_on() then begins the next one with the bytes that are left.
  Request take() { return std::move(request_); }
  void go_on();
  /// Drops what there is of a request and reads no other.
  void give_up() { refuse({}); }

 private:
  std::string_view unread() const { return {input_.data() + begin_, end_ - begin_}; }
  void advance();
  void read_head();
  void begin_body(const Framing& framing);
  void read_sized_body();
  void read_chunked_body();
  /// Adds to the body, through the decoder if there is one; false after a refusal.
  bool add_to_body(std::string_view payload);
  void complete();
  void refuse(const Refusal& refusal);
  bool reads_into_body() const;
  std::span<char> body_space();
  std::span<char> input_space();

  ReadLimits limits_;
  State state_ = State::head;
  Refusal refusal_{};
  bool keep_alive_ = false;
  bool is_head_ = false;
  bool expects_continue_ = false;

  std::string input_;  ///< received bytes: [begin_, end_) are not done with
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  HeadScan scan_;
  bool skipped_empty_line_ = false;  ///< before this request

  Request request_;
  std::size_t body_bytes_ = 0;   ///< of request_.body that are filled, while reading into it
  std::uint64_t remaining_ = 0;  ///< of a body with a Content-Length
  std::optional<ChunkedDecoder> chunked_;
  std::unique_ptr<ContentDecoder> decoder_;
};

}  // namespace vitals::net
