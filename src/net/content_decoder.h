#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "refusal.h"

namespace vitals::net {

/// Undoes a Content-Encoding piece by piece.
class ContentDecoder {
 public:
  virtual ~ContentDecoder() = default;
  /// Appends the decoded bytes of `piece` to `body`; refuses with 413 before `body` grows beyond
  /// `body_bytes_max`, with 400 what is not in the coding.
  virtual std::optional<Refusal> decode(std::string_view piece, std::size_t body_bytes_max,
                                        std::string& body) = 0;
  /// To be asked after the last piece: refuses a cut stream.
  virtual std::optional<Refusal> finish() const = 0;
};

/// The decoder for a Content-Encoding: gzip (x-gzip) or zstd; nullptr for "" and identity. Anything
/// else, or more than one coding, is refused with 415.
std::optional<Refusal> make_content_decoder(std::string_view content_encoding,
                                            std::unique_ptr<ContentDecoder>& decoder);

}  // namespace vitals::net
