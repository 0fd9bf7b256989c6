#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "refusal.h"

namespace vitals::net {

/// Decodes a chunked body (RFC 9112 section 7.1) that arrives in pieces cut anywhere. Strict: no
/// bare line feed, no space around a size, extensions only as the grammar has them and few of
/// them, trailer fields checked and dropped.
class ChunkedDecoder {
 public:
  struct Step {
    std::size_t taken = 0;     ///< bytes of the input that are done with
    std::string_view payload;  ///< body bytes among them
  };

  /// Takes from `input` up to the end of one piece of payload, of one line, or of the body. A step
  /// that takes nothing needs more input than is there.
  Step take(std::string_view input);

  bool finished() const { return state_ == State::finished; }
  const std::optional<Refusal>& refusal() const { return refusal_; }

 private:
  enum class State { size, payload, payload_end, trailer, finished };

  /// The line at the start of `input` without its end, or nothing when it is not whole yet.
  std::optional<std::string_view> line(std::string_view input, std::size_t bytes_max);
  Step take_size(std::string_view input);
  Step take_payload(std::string_view input);
  Step take_payload_end(std::string_view input);
  Step take_trailer(std::string_view input);
  Step refuse(int status, std::string_view reason);

  State state_ = State::size;
  std::uint64_t remaining_ = 0;  ///< of the chunk
  std::size_t extension_bytes_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::optional<Refusal> refusal_;
};

}  // namespace vitals::net
