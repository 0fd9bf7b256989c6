#pragma once

#include <string_view>

#include <openssl/sha.h>

#include <vitals/registry/pseudonyms.h>

#include "recent_names.h"

namespace vitals::registry {

/// HMAC-SHA-256 (RFC 2104 §2) with one key, whose two blocks are hashed once for all messages.
/// Immutable, thread-safe.
class Hmac {
 public:
  explicit Hmac(const Pseudonyms::Key& key);

  /// The first 64 bits over `domain` and then `name`, in lower-case hexadecimal.
  PseudonymText operator()(std::string_view domain, std::string_view name) const;

 private:
  SHA256_CTX inner_;  ///< after key xor ipad
  SHA256_CTX outer_;  ///< after key xor opad
};

}  // namespace vitals::registry
