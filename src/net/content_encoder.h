#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace vitals::net {

enum class ContentCoding { identity, gzip, zstd };

/// The coding's name in Content-Encoding.
std::string_view name_of(ContentCoding coding);

/// The best of our codings that an Accept-Encoding allows (RFC 9110 section 12.5.3): highest
/// weight, then zstd, gzip, identity. Identity when nothing else is allowed.
ContentCoding choose_coding(std::string_view accept_encoding);

/// Compresses a body piece by piece, so that a large answer need not hold a thread for long.
class ContentEncoder {
 public:
  virtual ~ContentEncoder() = default;
  /// Appends to `out`; false when the compressor gives up (out of memory).
  [[nodiscard]] virtual bool encode(std::string_view piece, bool last, std::string& out) = 0;
};

/// nullptr for identity.
std::unique_ptr<ContentEncoder> make_content_encoder(ContentCoding coding);

}  // namespace vitals::net
